import { encodeMessage } from '../../protocol/message/message-codec.ts'
import type { Sender } from '../../protocol/message/message-order.ts'
import type { CheckpointMessage, Inspect } from '../../protocol/message/messages.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import type { Clock } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'
import type { OwnCheckpoint, Witness } from '../ports/witness.ts'
import type { Applied, Work } from '../ports/work.ts'
import type { CheckpointAnswer, TrailWrite } from '../ports/write.ts'

/** The session on whose stream they go. */
interface ExchangingSession {
  /** The other side's peer id. */
  readonly peerId: string
  readonly sessionId: string
}

export interface CheckpointPorts {
  readonly clock: Clock
  /** Without one, no checkpoints go either way. */
  readonly witness?: Witness
  /** The witness failed. */
  hookComplaint(hook: string, detail: string): void
  /** Something is wrong that the operator should see: recorded, and durable. */
  alarmed(sessionId: string, detail: string): void
}

/**
 * The exchange of audit checkpoints on one stream, one each way. They are no event of the machine and no part of the
 * transcript, nothing waits for one, and whatever is wrong with one, the session goes on. See CHECKPOINT_BEFORE.
 */
export class CheckpointExchange {
  readonly #ports: CheckpointPorts
  readonly #side: Sender
  readonly #session: ExchangingSession
  /** The sizes of the other side's audit that are known here, once they were read. */
  #known: readonly number[] | undefined
  /** Those that it was told. */
  #announced: readonly number[] | undefined
  /** The sizes from which the other side wants this side's checkpoint proven; undefined if it wants none. */
  #wanted: readonly number[] | undefined
  /** This side's checkpoint with those proofs, once it was read. */
  #own: OwnCheckpoint | undefined
  #hasSpoken = false
  #heard: CheckpointMessage | undefined
  #isSettled = false

  constructor(ports: CheckpointPorts, side: Sender, session: ExchangingSession) {
    this.#ports = ports
    this.#side = side
    this.#session = session
  }

  /** Reads early what the first message has to tell, and prepares this side's checkpoint. */
  prepare(): void {
    this.#ask((witness) => witness.prepare())
    this.#learn()
  }

  /** Returns the member that the invitee's first message has in addition; none if this node keeps no checkpoints. */
  announce(): Pick<Inspect, 'seen'> {
    if (this.#announced !== undefined || this.#known === undefined) return {}
    this.#announced = this.#known
    return { seen: this.#known }
  }

  /** Takes that member of the invitee's first message. */
  invited(seen: readonly number[] | undefined): void {
    if (this.#wanted === undefined && seen !== undefined) this.#want(seen)
  }

  /** Takes the other side's checkpoint. False if none is allowed here. */
  hear(checkpoint: CheckpointMessage): boolean {
    if (this.#announced === undefined || this.#heard !== undefined) return false
    this.#heard = checkpoint
    if (this.#side === 'invitee') this.#want(checkpoint.seen ?? [])
    return true
  }

  /** Sends this side's checkpoint, once; right before one of the messages that it may precede. */
  speak(stream: Pick<Transport, 'send'>): void {
    const message = this.#hasSpoken ? undefined : this.#words()
    if (message === undefined) return
    this.#hasSpoken = true
    try {
      const payload = encodeMessage(message)
      this.#announced ??= message.seen
      // If it can't be sent, neither can the message after it, which is waited for.
      stream.send(payload).catch(() => undefined)
    } catch (error) {
      this.#complain(error)
    }
  }

  /** Puts the other side's checkpoint into a write, once. */
  settle(): readonly TrailWrite[] {
    const [checkpoint, announced] = [this.#heard, this.#announced]
    if (checkpoint === undefined || announced === undefined || this.#isSettled) return []
    const { peerId, sessionId } = this.#session
    const { clock } = this.#ports
    const times = { at: clock.now(), monotonic: clock.monotonic() }
    const shown = { peerId, sessionId, checkpoint, announced, ...times }
    return [{ op: 'keepCheckpoint', shown }]
  }

  /** Hears of work that was applied: it may have held the other side's checkpoint. */
  applied(work: Work, { answers }: Applied, durable: Promise<void>): void {
    const place = work.findIndex(({ op }) => op === 'keepCheckpoint')
    if (place === -1) return
    this.#isSettled = true
    const { alarm, problem } = answers[place] as CheckpointAnswer
    const { alarmed, hookComplaint } = this.#ports
    if (problem !== undefined) hookComplaint('witness', problem)
    if (alarm === undefined) return
    durable.then(
      () => alarmed(this.#session.sessionId, alarm),
      // A store that fails is reported by those whose work was lost.
      () => undefined,
    )
  }

  /**
   * Reads this side's checkpoint, now that the other side has said what it knows: one that was read before might be older
   * than what another session has shown it.
   */
  #want(sizes: readonly number[]): void {
    this.#wanted = sizes
    this.#ask(async (witness) => {
      const own = witness.own(sizes)
      if (this.#side === 'inviter') this.#learn()
      this.#own = await own
      if (this.#own !== undefined) return
      await witness.prepare()
      this.#own = await witness.own(sizes)
    })
  }

  #learn(): void {
    this.#ask(async (witness) => {
      this.#known = await witness.sizesOf(this.#session.peerId)
    })
  }

  /** Undefined as long as there is nothing to say. */
  #words(): CheckpointMessage | undefined {
    const [own, known, wanted = []] = [this.#own, this.#known, this.#wanted]
    if (own === undefined) return undefined
    if (this.#side === 'inviter')
      return known === undefined ? undefined : { type: 'Checkpoint', ...own, seen: known }
    // Having no checkpoint is worth a message only to a peer that has seen one.
    return own.note === undefined && wanted.length === 0
      ? undefined
      : { type: 'Checkpoint', ...own }
  }

  /** Nothing waits for the answer. */
  #ask(question: (witness: Witness) => Promise<void>): void {
    const { witness } = this.#ports
    if (witness !== undefined) question(witness).catch((error: unknown) => this.#complain(error))
  }

  #complain(error: unknown): void {
    this.#ports.hookComplaint('witness', describeThrown(error))
  }
}

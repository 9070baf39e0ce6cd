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
  /** The sizes of the other side's audit that it was told to be known here. */
  #announced: readonly number[] | undefined
  /** The sizes from which the other side wants this side's checkpoint proven; undefined if it wants none. */
  #wanted: readonly number[] | undefined
  #hasSpoken = false
  #heard: CheckpointMessage | undefined
  #isSettled = false

  constructor(ports: CheckpointPorts, side: Sender, session: ExchangingSession) {
    this.#ports = ports
    this.#side = side
    this.#session = session
  }

  /** Prepares this side's checkpoint early, so that there is one to show in time. */
  prepare(): void {
    this.#with((witness) => witness.prepare())
  }

  /** Returns the member that the invitee's first message has in addition; none if this node keeps no checkpoints. */
  announce(): Pick<Inspect, 'seen'> {
    if (this.#announced !== undefined) return {}
    this.#announced = this.#with((witness) => witness.sizesOf(this.#session.peerId))
    return this.#announced === undefined ? {} : { seen: this.#announced }
  }

  /** Takes that member of the invitee's first message. */
  invited(seen: readonly number[] | undefined): void {
    if (this.#wanted !== undefined || seen === undefined) return
    this.#wanted = seen
    this.prepare()
  }

  /** Takes the other side's checkpoint. False if none is allowed here. */
  hear(checkpoint: CheckpointMessage): boolean {
    if (this.#announced === undefined || this.#heard !== undefined) return false
    this.#heard = checkpoint
    if (this.#side === 'invitee') this.#wanted = checkpoint.seen ?? []
    return true
  }

  /** Sends this side's checkpoint, once; right before one of the messages that it may precede. */
  speak(stream: Pick<Transport, 'send'>): void {
    const wanted = this.#wanted
    if (wanted === undefined || this.#hasSpoken) return
    this.#with((witness) => {
      const own = witness.own(wanted)
      const message = own === undefined ? undefined : this.#words(own, witness, wanted.length > 0)
      if (message === undefined) return
      const payload = encodeMessage(message)
      this.#hasSpoken = true
      this.#announced ??= message.seen
      // If it can't be sent, neither can the message after it, which is waited for.
      stream.send(payload).catch(() => undefined)
    })
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

  #words(own: OwnCheckpoint, witness: Witness, isKnown: boolean): CheckpointMessage | undefined {
    if (this.#side === 'inviter')
      return { type: 'Checkpoint', ...own, seen: witness.sizesOf(this.#session.peerId) }
    // Having no checkpoint is worth a message only to a peer that has seen one.
    return own.note === undefined && !isKnown ? undefined : { type: 'Checkpoint', ...own }
  }

  #with<Result>(work: (witness: Witness) => Result): Result | undefined {
    const { witness, hookComplaint } = this.#ports
    if (witness === undefined) return undefined
    try {
      return work(witness)
    } catch (error) {
      hookComplaint('witness', describeThrown(error))
      return undefined
    }
  }
}

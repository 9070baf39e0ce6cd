import type { PresentedToken } from '../../../hooks/session-hooks.ts'
import { compact } from '../../../protocol/base/compact.ts'
import type { RelayBound } from '../../../protocol/base/relay-bound.ts'
import type { FrameProblem } from '../../../protocol/errors.ts'
import type { MessageExtent } from '../../../protocol/json/message-extent.ts'
import type { ListenerEvent } from '../../machine/listener-event.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Transport, TransportListener } from '../../ports/transport.ts'
import { isLastWord, messageIn } from '../../run/heard-event.ts'
import type { Transcript } from '../../run/transcript.ts'
import type { CheckpointExchange } from '../../trace/checkpoint-exchange.ts'
import { readInviteeFrame } from './listener-frames.ts'
import { StreamTail } from './stream-tail.ts'

const STRAY_CHECKPOINT: ListenerEvent = { type: 'strayMessage', message: 'Checkpoint' }

/** One for all: most of the time no token waits to be checked. */
const NO_TOKENS: readonly PresentedToken[] = []

/** The session that the stream belongs to. */
interface StreamOwner {
  readonly ports: { readonly clock: Clock }
  readonly transport: Transport
  readonly transcript: Transcript
  readonly checkpoints: CheckpointExchange
  dispatch(event: ListenerEvent): void
}

/** The incoming side of one listener session's stream: makes an event of each frame. */
export class ListenerStream implements TransportListener {
  /** The extent of the messages read so far. */
  readonly extent: MessageExtent = { jsonDepth: 0, addresses: 0 }
  /** The stream outlives the session a little. */
  readonly tail: StreamTail
  readonly #session: StreamOwner
  /** One for each frame that brought one and was not asked about yet. */
  #presented = NO_TOKENS
  #shown: string | undefined
  /** Monotonic ms. */
  #heardAt: number

  constructor(session: StreamOwner) {
    const { transport, ports } = session
    this.#session = session
    this.tail = new StreamTail(transport, ports.clock)
    this.#heardAt = ports.clock.monotonic()
  }

  /** How long nothing has come, ms. */
  get silentMs(): number {
    return this.#session.ports.clock.monotonic() - this.#heardAt
  }

  /** The receipt that came with the request. */
  get shown(): string | undefined {
    return this.#shown
  }

  /** Returns the token that a frame brought, once: its secret is needed for one question to the host. */
  takePresented(tokenId: string): PresentedToken | undefined {
    const presented = this.#presented.find((each) => each.tokenId === tokenId)
    const left = this.#presented.filter((each) => each !== presented)
    this.#presented = left.length === 0 ? NO_TOKENS : left
    return presented
  }

  frame(payload: Uint8Array): void {
    const { ports, checkpoints, transcript } = this.#session
    this.#heardAt = ports.clock.monotonic()
    const read = readInviteeFrame(payload, this.extent)
    if ('type' in read) {
      if (!checkpoints.hear(read)) this.#session.dispatch(STRAY_CHECKPOINT)
      return
    }
    const { event, presented, receipt, seen } = read
    this.#shown ??= receipt
    checkpoints.invited(seen)
    if (presented !== undefined) this.#presented = [...this.#presented, presented]
    if (!isLastWord(event)) transcript.heard(payload, messageIn(event))
    this.#session.dispatch(event)
  }

  problem(problem: FrameProblem): void {
    this.#session.dispatch({ type: 'frameRejected', problem })
  }

  ended(): void {
    this.#session.dispatch({ type: 'streamEnded' })
  }

  closed(_clean: boolean, bound?: RelayBound): void {
    this.tail.end()
    this.#session.dispatch(compact({ type: 'streamClosed', bound }))
  }
}

import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import type { FrameProblem } from '../../protocol/errors.ts'
import type { TransportListener } from '../../session/ports/transport.ts'
import type { StreamTransport } from '../stream/stream-transport.ts'

/**
 * One stream of an older peer. Only its message tells what it is for: until then it may be handed from one listener to
 * another, who is told all that came before.
 */
export class LegacyStream implements TransportListener {
  readonly transport: StreamTransport
  #listener: TransportListener | undefined
  #message: Uint8Array | undefined
  #problem: FrameProblem | undefined
  #isEnded = false
  #closed: { readonly clean: boolean; readonly bound: RelayBound | undefined } | undefined

  /** @param transport nobody listens to it yet */
  constructor(transport: StreamTransport) {
    this.transport = transport
    transport.listen(this)
  }

  /** Hands the stream over. */
  attach(listener: TransportListener): void {
    this.#listener = listener
    if (this.#message !== undefined) listener.frame(this.#message)
    if (this.#problem !== undefined) listener.problem(this.#problem)
    if (this.#isEnded) listener.ended()
    if (this.#closed !== undefined) listener.closed(this.#closed.clean, this.#closed.bound)
  }

  frame(message: Uint8Array): void {
    this.#message = message
    this.#listener?.frame(message)
  }

  problem(problem: FrameProblem): void {
    this.#problem = problem
    this.#listener?.problem(problem)
  }

  ended(): void {
    this.#isEnded = true
    this.#listener?.ended()
  }

  closed(clean: boolean, bound?: RelayBound): void {
    this.#closed = { clean, bound }
    this.#listener?.closed(clean, bound)
  }
}

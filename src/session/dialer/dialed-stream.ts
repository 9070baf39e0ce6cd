import { TransportClosedError } from '../errors.ts'
import type { Transport, TransportListener } from '../ports/transport.ts'

/** The stream to the inviter: there is none until the dial has succeeded. */
export class DialedStream {
  readonly #listener: TransportListener
  #transport: Transport | undefined
  #closing: Promise<void> = Promise.resolve()

  /** @param listener told of what comes on it */
  constructor(listener: TransportListener) {
    this.#listener = listener
  }

  /** Begins to listen to the stream that was just opened. */
  attach(transport: Transport): void {
    this.#transport = transport
    transport.listen(this.#listener)
  }

  /** @returns rejects if the payload can't leave */
  send(payload: Uint8Array): Promise<void> {
    return this.#transport?.send(payload) ?? Promise.reject(new TransportClosedError())
  }

  /** Half-closes; the session's end is not held up by it. */
  close(): void {
    if (this.#transport !== undefined) this.#closing = this.#transport.close()
  }

  reset(): void {
    this.#transport?.reset()
  }

  /** Settles when a stream that was closed is over on both sides. */
  get closing(): Promise<void> {
    return this.#closing
  }
}

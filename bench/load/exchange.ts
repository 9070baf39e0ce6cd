import { type Stream, StreamMessageEvent } from '@libp2p/interface'

/** One side of an exchange of messages on a fresh stream. */
export class Exchange {
  readonly #stream: Stream
  readonly #done = Promise.withResolvers<void>()
  readonly #closed = Promise.withResolvers<void>()
  #isOver = false

  /** @param take gets all data that arrives; if it throws, the exchange fails */
  constructor(stream: Stream, take: (data: StreamMessageEvent['data']) => void) {
    this.#stream = stream
    // Most users wait for one of the two only.
    for (const { promise } of [this.#done, this.#closed]) promise.catch(() => undefined)
    stream.addEventListener('message', (event) => {
      if (!(event instanceof StreamMessageEvent)) return
      try {
        take(event.data)
      } catch (error) {
        this.#fail(error)
      }
    })
    stream.addEventListener('close', () => {
      if (this.#isOver) this.#closed.resolve()
      else this.#fail(new Error('the stream ended before the exchange did'))
    })
  }

  /** Resolves when this side has sent and received all it should; rejects if the stream ends before that. */
  get done(): Promise<void> {
    return this.#done.promise
  }

  /** Resolves when both directions of the stream are closed; rejects as `done` does. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  /** All that is wanted was said, and the stream stays open. */
  pause(): void {
    this.#done.resolve()
  }

  /** Closes this side. @param reason rejects `done`: the other side said no */
  finish(reason?: Error): void {
    this.#isOver = true
    if (reason === undefined) this.#done.resolve()
    else this.#done.reject(reason)
    this.#stream.close().catch((error: unknown) => this.#closed.reject(error))
  }

  #fail(error: unknown): void {
    this.#done.reject(error)
    this.#closed.reject(error)
    this.#stream.abort(new Error('the exchange failed'))
  }
}

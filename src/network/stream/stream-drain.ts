import type { Stream } from '@libp2p/interface'
import { TransportClosedError } from '../../session/errors.ts'

/** The writers of one stream that wait for room. libp2p's own `onDrain` works only once. */
export class StreamDrain {
  readonly #stream: Stream
  #waiting: PromiseWithResolvers<void>[] = []

  constructor(stream: Stream) {
    this.#stream = stream
  }

  /** Resolves when there is room. @throws TransportClosedError if the stream ends first */
  wait(): Promise<void> {
    if (this.#stream.status !== 'open') return Promise.reject(closedWhileWaiting())
    if (this.#waiting.length === 0) this.#stream.addEventListener('drain', this)
    const waiter = Promise.withResolvers<void>()
    this.#waiting.push(waiter)
    return waiter.promise
  }

  /** Refuses those who wait, because the stream is over. */
  end(): void {
    for (const waiter of this.#take()) waiter.reject(closedWhileWaiting())
  }

  handleEvent(): void {
    // libp2p goes on sending in a microtask queued before this one, and may fill up again.
    queueMicrotask(() => {
      if (this.#stream.writableNeedsDrain) return
      for (const waiter of this.#take()) waiter.resolve()
    })
  }

  #take(): PromiseWithResolvers<void>[] {
    const taken = this.#waiting
    this.#waiting = []
    this.#stream.removeEventListener('drain', this)
    return taken
  }
}

function closedWhileWaiting(): TransportClosedError {
  return new TransportClosedError('the stream ended while bytes waited to leave')
}

import type { Clock, Timer } from '../ports/clock.ts'
import type { Transport } from '../ports/transport.ts'

/** The rest of a stream after its session: last words may still leave, an acknowledgment still come, for a bounded time. */
export class StreamTail {
  /** Resolves when the stream is over. */
  readonly over: Promise<void>
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #resolve: () => void
  #timer: Timer | undefined
  #isOver = false

  constructor(transport: Transport, clock: Clock) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.over = promise
    this.#resolve = resolve
    this.#transport = transport
    this.#clock = clock
  }

  /**
   * The session is over.
   * @param ms how long the stream may stay
   * @param kindly then half-close it; else end it at once
   */
  begin(ms: number, kindly: boolean): void {
    if (this.#isOver) return
    this.#timer?.clear()
    this.#timer = this.#clock.after(ms, () => {
      if (kindly) void this.#transport.close()
      else this.#transport.reset()
    })
  }

  /** The stream is over. */
  end(): void {
    this.#isOver = true
    this.#timer?.clear()
    this.#resolve()
  }

  /** Half-closes: nobody waits for an acknowledgment any more. @returns resolves when the stream is over */
  cut(): Promise<void> {
    if (!this.#isOver) void this.#transport.close()
    return this.over
  }
}

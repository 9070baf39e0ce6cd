import type { Clock, Timer } from '../../ports/clock.ts'
import type { Transport } from '../../ports/transport.ts'

/** The rest of a stream after its session: last words may still leave, an acknowledgment still come, for a bounded time. */
export class StreamTail {
  readonly #transport: Transport
  readonly #clock: Clock
  #timer: Timer | undefined
  #isOver = false
  /** Made when somebody asks: for as long as the session runs nobody does. */
  #over: PromiseWithResolvers<void> | undefined

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport
    this.#clock = clock
  }

  /** Resolves when the stream is over. */
  get over(): Promise<void> {
    if (this.#isOver) return Promise.resolve()
    this.#over ??= Promise.withResolvers()
    return this.#over.promise
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
    this.#over?.resolve()
  }

  /** Half-closes: nobody waits for an acknowledgment any more. @returns resolves when the stream is over */
  cut(): Promise<void> {
    if (!this.#isOver) void this.#transport.close()
    return this.over
  }
}

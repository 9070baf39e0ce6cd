/** How long a user is willing to wait for the other side, in all. */
export class Patience {
  /** Monotonic ms. */
  #until: number

  /** @param ms from now on */
  constructor(ms: number) {
    this.#until = performance.now() + ms
  }

  /** The time left, ms; 0 if there is none. */
  get left(): number {
    return Math.max(0, this.#until - performance.now())
  }

  /** The time that the user takes itself is no waiting for the other side. */
  async notCounting<Result>(work: () => Promise<Result>): Promise<Result> {
    const began = performance.now()
    try {
      return await work()
    } finally {
      this.#until += performance.now() - began
    }
  }
}

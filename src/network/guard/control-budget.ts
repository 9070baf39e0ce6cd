/** Milliseconds until one more may come: implementations send one every 10 to 30 s. */
const EACH_MS = 1_000

/** Bounds the frames that belong to no stream, and so to no stream's window: signs of life and the like. */
export class ControlBudget {
  readonly #atOnce: number
  readonly #now: () => number
  /** Monotonic ms at which all of it is there again. */
  #fullAt = 0

  /**
   * @param atOnce how many may come at once
   * @param now monotonic ms
   */
  constructor(atOnce: number, now: () => number = () => performance.now()) {
    this.#atOnce = atOnce
    this.#now = now
  }

  /** @throws RangeError if there were too many */
  spend(): void {
    const now = this.#now()
    this.#fullAt = Math.max(this.#fullAt, now) + EACH_MS
    if (this.#fullAt - now > this.#atOnce * EACH_MS) throw new RangeError('too many signs of life')
  }
}

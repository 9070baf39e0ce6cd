/** Milliseconds until one more may come: implementations send one every 10 to 30 s. */
const EACH_MS = 1_000

/** Bounds the frames that belong to no stream, and so to no stream's window: signs of life and the like. */
export class ControlBudget {
  readonly #atOnce: number
  readonly #now: () => number
  readonly #eachMs: number
  /** Monotonic ms at which all of it is there again. */
  #fullAt = 0

  /**
   * @param atOnce how many may come at once
   * @param now monotonic ms
   * @param eachMs ms until one more may come
   */
  constructor(atOnce: number, now: () => number = () => performance.now(), eachMs = EACH_MS) {
    this.#atOnce = atOnce
    this.#now = now
    this.#eachMs = eachMs
  }

  /** @throws RangeError if there were too many */
  spend(): void {
    const now = this.#now()
    const fullAt = Math.max(this.#fullAt, now) + this.#eachMs
    if (fullAt - now > this.#atOnce * this.#eachMs) throw new RangeError('too many signs of life')
    // Those that are too many take nothing: after a flood there is the next one when its time has come.
    this.#fullAt = fullAt
  }
}

/** Signs of life and the like that a connection may send at once. */
const AT_ONCE = 64

/** And then one in so many ms: implementations ask every 10 to 30 s. */
const EACH_MS = 1_000

/** Bounds the frames that belong to no stream: each is answered, and the answer costs many times the question. */
export class ControlBudget {
  readonly #now: () => number
  /** Monotonic ms at which all of it is there again. */
  #fullAt = 0

  /** @param now monotonic ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** @throws RangeError if there were too many */
  spend(): void {
    const now = this.#now()
    this.#fullAt = Math.max(this.#fullAt, now) + EACH_MS
    if (this.#fullAt - now > AT_ONCE * EACH_MS) throw new RangeError('too many signs of life')
  }
}

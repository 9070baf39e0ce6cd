/** The ratio of one bound to the next: a figure is off by 1 % at the most. */
const RATIO = 1.02

/** The shortest that is told apart, ms: the clocks' microsecond. */
const LEAST_MS = 0.001

/** Durations in so little room, however many there are: some 1,300 counters reach from a microsecond to a day. */
export class DurationHistogram {
  readonly #counts = new Map<number, number>()
  #count = 0
  #maxMs = 0

  /** @param ms not negative */
  add(ms: number): void {
    const at = Math.max(0, Math.round(Math.log(ms / LEAST_MS) / Math.log(RATIO)))
    this.#counts.set(at, (this.#counts.get(at) ?? 0) + 1)
    this.#count += 1
    this.#maxMs = Math.max(this.#maxMs, ms)
  }

  get count(): number {
    return this.#count
  }

  /** The longest, exactly; 0 if there is none. */
  get maxMs(): number {
    return this.#maxMs
  }

  /** The duration that so many of them do not exceed, to within 1 %; undefined if there is none. @param share 0 to 1 */
  quantile(share: number): number | undefined {
    let missing = Math.max(1, Math.ceil(share * this.#count))
    for (const [at, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      missing -= count
      if (missing <= 0) return Math.min(LEAST_MS * RATIO ** at, this.#maxMs)
    }
    return undefined
  }
}

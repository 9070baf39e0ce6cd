interface Bucket {
  tokens: number
  /** Monotonic ms of the last refill. */
  at: number
}

/** How many keys are remembered; the one that was idle longest is forgotten first. */
const MAX_BUCKETS = 10_000

const MINUTE_MS = 60_000

/** A token bucket per key: `perMinute` at once, refilled evenly. */
export class RateLimit {
  readonly #perMinute: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /**
   * Take one.
   * @param mono monotonic milliseconds
   * @returns 0 if there was one, else the ms until there is
   */
  take(key: string, mono: number): number {
    const rate = this.#perMinute / MINUTE_MS
    const known = this.#buckets.get(key)
    const bucket = known ?? { tokens: this.#perMinute, at: mono }
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + (mono - bucket.at) * rate)
    bucket.at = mono
    if (known !== undefined) this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    this.#forgetOldest()
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / rate)
    bucket.tokens -= 1
    return 0
  }

  #forgetOldest(): void {
    if (this.#buckets.size <= MAX_BUCKETS) return
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}

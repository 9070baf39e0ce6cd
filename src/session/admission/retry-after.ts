/** The wait of a peer that was refused for lack of room, ms, when few are. */
const SHORTEST_MS = 1_000

/** The longest wait that a peer is told, ms: time for some more tries within a user's patience. */
const LONGEST_MS = 5_000

/** Refusals a second that cost little beside the sessions under way. Beyond it peers are told to wait longer. */
const REFUSALS_PER_SECOND = 20

const SECOND_MS = 1_000

/**
 * Chooses how long a peer waits that was refused for lack of room. A refusal costs nearly as much as the session that it
 * refuses, so many peers that come again every second would take the time away from the sessions under way: the more are
 * refused, the longer each is told to wait.
 */
export class RetryAfter {
  /** Refusals per second, an exponentially fading average. */
  #perSecond = 0
  /** The time of the last refusal, monotonic ms. */
  #at = 0

  /**
   * Counts a refusal.
   * @param mono monotonic ms
   * @returns after how many ms that peer may ask again
   */
  refused(mono: number): number {
    this.#perSecond = this.#perSecond * Math.exp((this.#at - mono) / SECOND_MS) + 1
    this.#at = mono
    const wait = SHORTEST_MS * Math.max(1, this.#perSecond / REFUSALS_PER_SECOND)
    return Math.min(LONGEST_MS, Math.round(wait))
  }
}

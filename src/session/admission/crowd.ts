/** How long somebody who found no place is to wait before it asks again, ms, when few do. */
const SHORTEST_MS = 1_000

/** The longest that anybody is told to wait, ms: time for some more tries within a user's patience. */
const LONGEST_MS = 5_000

/** Refusals a second that cost little beside what the places are used for. Beyond it everybody is to come later. */
const REFUSALS_PER_SECOND = 20

const SECOND_MS = 1_000

/**
 * How many people find no place. A refusal costs nearly as much as what is refused, so a crowd that comes again every
 * second would take the time away from those who have a place: the larger it is, the later it is told to come.
 */
export class Crowd {
  /** Refusals in the last second or so, fading. */
  #perSecond = 0
  /** Monotonic ms. */
  #at = 0

  /**
   * One more was refused.
   * @param mono monotonic ms
   * @returns when it is to come again, in ms
   */
  refused(mono: number): number {
    this.#perSecond = this.#perSecond * Math.exp((this.#at - mono) / SECOND_MS) + 1
    this.#at = mono
    const wait = SHORTEST_MS * Math.max(1, this.#perSecond / REFUSALS_PER_SECOND)
    return Math.min(LONGEST_MS, Math.round(wait))
  }
}

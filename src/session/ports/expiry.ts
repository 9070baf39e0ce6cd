/** An invitation of this node that expired with a use left. */
export interface ExpiredToken {
  readonly tokenId: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** `null` for a standing invitation. */
  readonly uses: number | null
  /** The number of uses that led to a tally. */
  readonly used: number
}

/** The part of a transaction that is about invitations that expire. */
export interface ExpiryTransaction {
  /** True if one has expired and was not marked yet. */
  isDue(now: number): boolean
  /**
   * Marks those that have expired, the oldest first; each once, for good. One whose last uses are still reserved has to
   * wait: it may yet be used up.
   * @returns those of them that had a use left; undefined if there are no more to mark
   */
  note(now: number, limit: number): readonly ExpiredToken[] | undefined
}

/** An invitation of this node whose time is over with a use left. */
export interface ExpiredToken {
  readonly tokenId: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** `null`: it was a standing invitation. */
  readonly uses: number | null
  /** How many of them led to a tally. */
  readonly used: number
}

/** Invitations that run out. */
export interface ExpiryTransaction {
  /** Whether one has run out that was not noted. */
  isDue(now: number): boolean
  /**
   * Mark those that have run out, the oldest first; each once, for good. One whose last uses are still reserved has
   * to wait: it may yet be used up.
   * @returns those of them that had a use left; undefined if there are no more to mark
   */
  note(now: number, limit: number): readonly ExpiredToken[] | undefined
}

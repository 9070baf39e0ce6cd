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

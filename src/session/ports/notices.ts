/** A notice to the token hook that a use is spent. */
export interface UseNotice {
  readonly redemptionId: string
  readonly tokenId: string
  readonly fence: number
  /** The session that committed it. */
  readonly sessionId: string
  readonly peerId: string
}

/** A notice that has not arrived yet. Times are milliseconds since the epoch. */
export interface OwedNotice extends UseNotice {
  readonly since: number
  /** How often sending it failed. */
  readonly tries: number
  readonly nextAt: number
  readonly lastError?: string
}

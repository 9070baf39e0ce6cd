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

/** The part of a transaction that is about owed notices: each is delivered at least once, or is still stored. */
export interface NoticeTransaction {
  owe(notice: UseNotice, now: number, dueAt: number): void
  find(redemptionId: string): OwedNotice | undefined
  due(now: number, limit: number): readonly OwedNotice[]
  settle(redemptionId: string): void
  fail(redemptionId: string, error: string, nextAt: number): void
}

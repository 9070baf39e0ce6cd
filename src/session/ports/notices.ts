/** A host has yet to be told that a use is spent. */
export interface UseNotice {
  readonly redemptionId: string
  readonly tokenId: string
  readonly fence: number
  /** The session that committed it. */
  readonly sessionId: string
  readonly peerId: string
}

/** Times are milliseconds since the epoch. */
export interface OwedNotice extends UseNotice {
  readonly since: number
  /** How often it failed. */
  readonly tries: number
  readonly nextAt: number
  readonly lastError?: string
}

/** What is owed to token hooks: told at least once, or still here. */
export interface NoticeTransaction {
  owe(notice: UseNotice, now: number, dueAt: number): void
  find(redemptionId: string): OwedNotice | undefined
  due(now: number, limit: number): readonly OwedNotice[]
  settle(redemptionId: string): void
  fail(redemptionId: string, error: string, nextAt: number): void
}

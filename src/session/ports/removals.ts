import type { Lease } from './attempt.ts'

/** A database to remove, and the session and redemption for which it was built. */
export interface RemovalOrder {
  readonly tallyId: string
  /** The redemption, or on the invitee's side the attempt. */
  readonly redemptionId: string
  readonly fence: number
  readonly sessionId: string
  readonly peerId: string
  readonly reason: string
}

/** A removal that is not done yet. Times are milliseconds since the epoch. */
export interface OwedRemoval extends RemovalOrder {
  readonly since: number
  /** How often it failed. */
  readonly tries: number
  readonly nextAt: number
  readonly lastError?: string
  /** The claim of the process that has said to be removing it, dead or alive. */
  readonly claim?: Lease
}

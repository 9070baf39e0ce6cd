import type { Lease } from './attempt.ts'

/** A database to remove, and on whose account. */
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
  /** Who has said to be removing it, dead or alive. */
  readonly claim?: Lease
}

/** Databases that were built for nobody: what one transaction can do about them. */
export interface RemovalTransaction {
  /**
   * Due at once, or then. Owed twice is owed once, but for what is being removed at that time: that is removed again.
   * @returns the claim of whoever is at it, dead or alive
   */
  oweRemoval(order: RemovalOrder, now: number, dueAt?: number): Lease | undefined
  /** Claimed or not. Not of what somebody builds who holds an attempt: its lease ends first. */
  dueRemovals(now: number, limit: number): readonly OwedRemoval[]
  findRemoval(tallyId: string): OwedRemoval | undefined
  /** Say who is going to remove it; whose claim it was before can settle nothing any more. */
  claimRemoval(tallyId: string, claim: Lease): void
  /** It is not wanted to be gone any more. @returns what was owed */
  settleRemoval(tallyId: string): OwedRemoval | undefined
  /** Whoever claimed it has removed it. False if it is still owed, or is no business of this owner's any more. */
  finishRemoval(tallyId: string, owner: string): boolean
  /** Whoever claimed it could not remove it. Changes nothing if it is no business of this owner's any more. */
  failRemoval(tallyId: string, owner: string, error: string, nextAt: number): void
  /** True if a tally of that id is kept, or a redemption is building one. */
  isTallyWanted(tallyId: string): boolean
}

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

/** The part of a transaction that is about removing databases that nobody needs. */
export interface RemovalTransaction {
  /**
   * Notes a removal, due at once or at `dueAt`. One that is owed already stays the one, except that a database that is
   * being removed at that time is removed again.
   * @returns the claim of the process that is removing it, dead or alive
   */
  oweRemoval(order: RemovalOrder, now: number, dueAt?: number): Lease | undefined
  /** Lists due removals, claimed or not; not of a database that is being built under a lease: that ends first. */
  dueRemovals(now: number, limit: number): readonly OwedRemoval[]
  findRemoval(tallyId: string): OwedRemoval | undefined
  /** Stores the claim of the process that is going to remove it; an earlier claim can settle nothing any more. */
  claimRemoval(tallyId: string, claim: Lease): void
  /** Cancels a removal: the database is wanted again. @returns the removal that was owed */
  settleRemoval(tallyId: string): OwedRemoval | undefined
  /** Notes that the claim's owner has removed it. False if it is still owed, or another owner has claimed it since. */
  finishRemoval(tallyId: string, owner: string): boolean
  /** Notes that the claim's owner could not remove it. Changes nothing if another owner has claimed it since. */
  failRemoval(tallyId: string, owner: string, error: string, nextAt: number): void
  /** True if a tally of that id is kept, or a redemption is building one. */
  isTallyWanted(tallyId: string): boolean
}

import type { Claim } from '../machine/listener-state.ts'

/** A stored thing that a reaper may take away. */
export interface Reapable {
  readonly id: string
  readonly side: 'listener' | 'dialer'
  /** Its present state, as a filter names it. */
  readonly state: string
  readonly peerId?: string
  readonly tokenId?: string
  readonly sessionId?: string
  readonly tallyId?: string
  /** The time from which its age counts, milliseconds since the epoch. */
  readonly since: number
  /** The reason why it has to stay, whatever its age. */
  readonly neededBecause?: string
}

/** A page of a list. */
export interface ReapPage<Thing extends Reapable = Reapable> {
  readonly things: readonly Thing[]
  /** The beginning of the next page; undefined after the last. */
  readonly next: ReapCursor | undefined
}

/** A position in a list. The first page begins at `undefined`. */
export type ReapCursor = string | number

/** A reserved use, whether or not its deadline has passed. */
export interface StandingReservation extends Reapable {
  readonly reservation: {
    readonly claim: Claim
    readonly tokenId: string
    readonly peerId: string
    readonly sessionId: string
    readonly state: string
  }
}

/** The lease of the session that works on an attempt, or did. */
export interface HeldLease extends Reapable {
  readonly owner: string
  readonly until: number
}

/**
 * The part of a transaction that is about reaping. Each list has all things of its kind, a page at a time; each removal
 * is of one thing, checks again in its row whether it may go, and returns false if it may not.
 */
export interface ReapTransaction {
  /** Offers that nobody acknowledged. `since`: the time when they were last given. */
  offers(after: ReapCursor | undefined, limit: number): ReapPage
  /**
   * Withdraws an offer that was not given since `lastGivenBefore`. A tombstone stays: the use is consumed for ever. The
   * tally is removed; its database is left to the caller.
   */
  withdrawOffer(redemptionId: string, lastGivenBefore: number, now: number): boolean
  /** True if an answer of that hash was given to this peer, and was withdrawn since. */
  isWithdrawn(redemptionId: string, peerId: string, responseHash: string): boolean
  /** Reserved uses. `since`: their deadline. */
  reservations(after: ReapCursor | undefined, limit: number): ReapPage<StandingReservation>
  /** Tokens; those of which a use was ever reserved are needed. `since`: their expiry. */
  tokens(after: ReapCursor | undefined, limit: number): ReapPage
  /** Forgets a token of which no use was ever reserved: its secret is an unknown one from now on. */
  forgetToken(tokenId: string, now: number): boolean
  /** The invitee's attempts that came to nothing. `since`: their beginning. */
  endedAttempts(after: ReapCursor | undefined, limit: number): ReapPage
  removeAttempt(attemptId: string): boolean
  /** `since`: the end of the lease. */
  leases(after: ReapCursor | undefined, limit: number): ReapPage<HeldLease>
  /** Tally documents without a tally. Their age is not known: `since` is 0. */
  orphanDocuments(after: ReapCursor | undefined, limit: number, now: number): ReapPage
  removeDocument(tallyId: string): boolean
  /** Owed removals of databases. `since`: the time when they were first owed; needed until they have failed once. */
  owedRemovals(after: ReapCursor | undefined, limit: number): ReapPage
  /** Makes a removal due now. */
  hastenRemoval(tallyId: string, now: number): boolean
  /**
   * Marks the tally of an attempt as withdrawn by the inviter; it stays here.
   * @returns its id; undefined if there is no confirmed tally of that attempt with that partner
   */
  noteWithdrawn(attemptId: string, partner: string, now: number): string | undefined
}

import type { Claim } from '../machine/listener-state.ts'

/** Something that a reaper may take away, as the store knows it. */
export interface Reapable {
  readonly id: string
  readonly side: 'listener' | 'dialer'
  /** What it is now, in the word that a filter asks for. */
  readonly state: string
  readonly peerId?: string
  readonly tokenId?: string
  readonly sessionId?: string
  readonly tallyId?: string
  /** From when its age counts, milliseconds since the epoch. */
  readonly since: number
  /** Why it has to stay, whatever its age. */
  readonly neededBecause?: string
}

/** A part of a walk through all there is. */
export interface ReapPage<Thing extends Reapable = Reapable> {
  readonly things: readonly Thing[]
  /** Where the next part begins; undefined after the last. */
  readonly next: ReapCursor | undefined
}

/** The first part begins at `undefined`. */
export type ReapCursor = string | number

/** A use that is reserved, whether or not its time is over. */
export interface StandingReservation extends Reapable {
  readonly reservation: {
    readonly claim: Claim
    readonly tokenId: string
    readonly peerId: string
    readonly sessionId: string
    readonly state: string
  }
}

/** Who works on an attempt, or did. */
export interface HeldLease extends Reapable {
  readonly owner: string
  readonly until: number
}

/**
 * What reaping needs of a transaction. Each list goes through all there is, a part at a time; each removal is of
 * one thing, asks again in the row itself whether it may go, and is false if it may not.
 */
export interface ReapTransaction {
  /** Answers that nobody acknowledged. `since`: when they were last given. */
  offers(after: ReapCursor | undefined, limit: number): ReapPage
  /**
   * Take an offer back that was not given since then. What stays is a tombstone: the use is consumed for ever. The
   * tally goes; its database is for the caller to see to.
   */
  withdrawOffer(redemptionId: string, lastGivenBefore: number, now: number): boolean
  /** True if an answer of that hash was given to this peer, and was withdrawn since. */
  isWithdrawn(redemptionId: string, peerId: string, responseHash: string): boolean
  /** Uses that are reserved. `since`: their deadline. */
  reservations(after: ReapCursor | undefined, limit: number): ReapPage<StandingReservation>
  /** Tokens; needed are those of which a use was ever reserved. `since`: their expiry. */
  tokens(after: ReapCursor | undefined, limit: number): ReapPage
  /** Only one of which no use was ever reserved. Whoever shows its secret is a stranger from now on. */
  forgetToken(tokenId: string, now: number): boolean
  /** The invitee's attempts that came to nothing. `since`: their beginning. */
  endedAttempts(after: ReapCursor | undefined, limit: number): ReapPage
  removeAttempt(attemptId: string): boolean
  /** `since`: the end of the lease. */
  leases(after: ReapCursor | undefined, limit: number): ReapPage<HeldLease>
  /** Documents without a tally. Their age is not known: `since` is 0. */
  orphanDocuments(after: ReapCursor | undefined, limit: number, now: number): ReapPage
  removeDocument(tallyId: string): boolean
  /** Databases that are owed removal. `since`: when that was first owed; needed until they have failed once. */
  owedRemovals(after: ReapCursor | undefined, limit: number): ReapPage
  /** Try it now. */
  hastenRemoval(tallyId: string, now: number): boolean
  /**
   * The inviter has withdrawn what this attempt led to. The tally stays here, and says so.
   * @returns its id; undefined if there is no confirmed tally of that attempt with that partner
   */
  noteWithdrawn(attemptId: string, partner: string, now: number): string | undefined
}

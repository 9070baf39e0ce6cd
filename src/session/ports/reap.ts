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

/** Lists of things that a reaper looks at: all things of a kind, a page at a time. */
export interface ReapLookups {
  /** Offers that nobody acknowledged. `since`: the time when they were last given. */
  offers(after: ReapCursor | undefined, limit: number): Promise<ReapPage>
  /** Reserved uses. `since`: their deadline. */
  reservations(after: ReapCursor | undefined, limit: number): Promise<ReapPage<StandingReservation>>
  /** Tokens; those of which a use was ever reserved are needed. `since`: their expiry. */
  tokens(after: ReapCursor | undefined, limit: number): Promise<ReapPage>
  /** The invitee's attempts that came to nothing. `since`: their beginning. */
  endedAttempts(after: ReapCursor | undefined, limit: number): Promise<ReapPage>
  /** `since`: the end of the lease. */
  leases(after: ReapCursor | undefined, limit: number): Promise<ReapPage<HeldLease>>
  /** Tally documents without a tally. Their age is not known: `since` is 0. */
  orphanDocuments(after: ReapCursor | undefined, limit: number, now: number): Promise<ReapPage>
  /** Owed removals of databases. `since`: the time when they were first owed; needed until they have failed once. */
  owedRemovals(after: ReapCursor | undefined, limit: number): Promise<ReapPage>
}

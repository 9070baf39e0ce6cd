import type { Grant } from '../machine/listener-state.ts'
import type { Attempt, Lease } from './attempt.ts'
import type { OwedNotice } from './notices.ts'
import type { ReapLookups } from './reap.ts'
import type { OwedRemoval } from './removals.ts'
import type { OpenSession, Side } from './session-summary.ts'
import type { TallyRecord } from './tally.ts'
import type { PendingRequest, WaitingByPeer } from './uses/pending-request.ts'
import type { LapsedReservation, Prospect, ProspectRequest } from './uses/reservation.ts'

// The questions that the session core asks of a store, by subject. Each is answered from what is stored, be it on the disk
// yet or not: it may be told, and nothing may be written on its strength that the write does not check itself. Each
// rejects with `StoreError`.

/** The inviter's redemptions. */
export interface RedemptionLookups {
  /** Reserves nothing: says how `reserve` would answer. */
  prospect(request: ProspectRequest): Promise<Prospect>
  /** True if a use of the token is this peer's under that redemption: committed, or under way. */
  knows(redemptionId: string, tokenId: string, peerId: string): Promise<boolean>
  /** True if something is under way with this peer, or an answer to it not acknowledged. */
  holdsAny(peerId: string): Promise<boolean>
  /** The bytes of the answer; undefined if there are none. */
  response(redemptionId: string): Promise<Uint8Array | undefined>
  receipt(redemptionId: string): Promise<Uint8Array | undefined>
  /** Returns the claim of a redemption that is neither committed nor released. */
  standing(redemptionId: string): Promise<LapsedReservation | undefined>
  /** Lists reservations past their deadline, at most `limit`. */
  lapsed(now: number, limit: number): Promise<readonly LapsedReservation[]>
}

/** Requests at invitations by hand. */
export interface RequestLookups {
  /** Counts those that wait for the inviter's word. */
  countWaiting(): Promise<number>
  /** Returns the ids of what waits of these peers. */
  waitingOf(peerIds: readonly string[]): Promise<WaitingByPeer>
  /** Lists those that wait in vain: their time is over, or their invitation is. At most `limit`. */
  over(now: number, limit: number): Promise<readonly PendingRequest[]>
}

export interface TokenLookups {
  /** Returns the token's grant as it is stored, for a resumed redemption. */
  grantOf(tokenId: string): Promise<Grant | undefined>
  hasDeclined(tokenId: string, peerId: string): Promise<boolean>
  /** True if an invitation has expired and was not noted yet. */
  hasExpired(now: number): Promise<boolean>
}

export interface TallyLookups {
  find(tallyId: string): Promise<TallyRecord | undefined>
  /** The tally that was committed for this redemption, with the draft's hash. */
  ofRedemption(redemptionId: string): Promise<TallyRecord | undefined>
}

/** The invitee's attempts. */
export interface AttemptLookups {
  /** Returns the newest attempt on a link. */
  latest(linkHash: string): Promise<Attempt | undefined>
  /** Returns the newest attempt on a link that has led to a tally here, held or confirmed. */
  kept(linkHash: string): Promise<Attempt | undefined>
  /** True if a session works on the link. */
  isLinkBusy(linkHash: string, now: number): Promise<boolean>
  /** Lists the processes that hold a lease, dead or alive. */
  holders(): Promise<readonly string[]>
}

/** Databases that nobody needs. */
export interface RemovalLookups {
  /** The claim of the process that has said to be removing a database, dead or alive. */
  claimOf(tallyId: string): Promise<Lease | undefined>
  /** Lists due removals, claimed or not; not of a database that is being built under a lease: that ends first. */
  due(now: number, limit: number): Promise<readonly OwedRemoval[]>
}

export interface NoticeLookups {
  find(redemptionId: string): Promise<OwedNotice | undefined>
  due(now: number, limit: number): Promise<readonly OwedNotice[]>
}

export interface SessionLookups {
  /** Returns those of these sessions that are not over. */
  unfinished(ids: readonly string[]): Promise<readonly OpenSession[]>
  /**
   * Lists sessions that are not over, oldest first; of the dialer's only those whose attempt nobody holds. Where several nodes share
   * the store, of the listeners' only those that no node works on any more.
   * @param gone processes that are: they hold nothing
   */
  open(
    side: Side,
    now: number,
    limit: number,
    gone?: readonly string[],
  ): Promise<readonly OpenSession[]>
}

export interface TimeLookups {
  /** The highest wall time that was stored, ms since the epoch; 0 if there is none. */
  highest(): Promise<number>
}

export interface StoreLookups {
  readonly redemptions: RedemptionLookups
  readonly requests: RequestLookups
  readonly tokens: TokenLookups
  readonly tallies: TallyLookups
  readonly attempts: AttemptLookups
  readonly removals: RemovalLookups
  readonly notices: NoticeLookups
  readonly sessions: SessionLookups
  readonly reaping: ReapLookups
  readonly time: TimeLookups
}

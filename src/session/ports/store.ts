import type { AuditDraft } from '../../audit/record/record.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { BuiltDatabase, IdentityBundle, RefusalCode } from '../../protocol/message/messages.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import type { Claim, Grant } from '../machine/listener-state.ts'
import type { Attempt, Lease } from './attempt.ts'
import type { ExpiryTransaction } from './expiry.ts'
import type { NoticeTransaction } from './notices.ts'
import type { ReapTransaction } from './reap.ts'
import type { RemovalTransaction } from './removals.ts'
import type { JournalEntry, OpenSession, SessionSummary, Side } from './session-summary.ts'

export type { Attempt, Lease } from './attempt.ts'
export type { OwedRemoval, RemovalOrder } from './removals.ts'
export type { JournalEntry, OpenSession, SessionSummary, Side } from './session-summary.ts'

/** A request to reserve a use of a token. */
export interface ReserveRequest {
  readonly redemptionId: string
  readonly sessionId: string
  readonly grant: Grant
  readonly inviter: string
  readonly peerId: string
  readonly bootstrapId: string
  readonly requestHash: string
  readonly another: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
  /** The time until which the reservation stands if nothing more happens, milliseconds since the epoch. */
  readonly reservedUntil: number
  /** True if a session of this redemption is under way in this process. */
  isRunning(redemptionId: string): boolean
}

/** No use is given. */
export interface RefusedUse {
  readonly kind: 'refused'
  readonly code: RefusalCode
  readonly reason: string
  readonly retryAfterMs?: number
}

/** The result of a request to reserve a use. */
export type ReserveOutcome =
  | { readonly kind: 'reserved'; readonly claim: Claim }
  /** The same request was answered before; the bytes of the answer are stored. */
  | { readonly kind: 'replayed'; readonly claim: Claim; readonly tallyId: string }
  | RefusedUse

/** A question about a redemption that was not asked for yet. */
export interface ProspectRequest extends Pick<ReserveRequest, 'grant' | 'peerId' | 'another'> {
  /** Of the request that may follow, if it is known. */
  readonly bootstrapId?: string | undefined
}

/** How `reserve` would answer this peer now. */
export type Prospect =
  | { readonly kind: 'free' }
  /** A use is this peer's. `isAnswered`: an answer is stored, which it gets whatever became of the token. */
  | { readonly kind: 'own'; readonly isAnswered: boolean }
  | RefusedUse

/** The result of a write that rests on an approval by the checks. */
export type ApprovedWrite =
  | 'done'
  /** The token was revoked since it was checked. */
  | 'revoked'
  /** Another session took over, or this approval was used up before. */
  | 'lost'

/** A reservation whose deadline has passed. */
export interface LapsedReservation {
  readonly claim: Claim
  readonly tokenId: string
  readonly peerId: string
  readonly sessionId: string
  /** `reserved`, `provisioning` or `delegated` */
  readonly state: string
}

/** A tally as this side keeps it. */
export interface TallyRecord {
  readonly tallyId: string
  /** This side's own half. */
  readonly role: Role
  readonly partner: { readonly peerId: string; readonly identity: IdentityBundle }
  readonly built: BuiltDatabase
  /**
   * `offered`: committed, not acknowledged. `held`: stored here, not confirmed by the inviter. `withdrawn`: stored
   * here, and the inviter has taken it back.
   */
  readonly status: 'offered' | 'held' | 'confirmed' | 'withdrawn'
  readonly redemptionId: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  /** The signatures under the receipt; left out if neither side has signed. */
  readonly receipt?: ReceiptMarks
}

/** The result of an acknowledgment that fits the offer. */
export interface Confirmed {
  readonly tallyId: string
  readonly tokenId: string
  /** False if it was confirmed before, with a signature or without: a peer may repeat itself. */
  readonly isNews: boolean
}

/**
 * The reads and writes of one transaction. Methods that quote a claim return false, having changed nothing, if its fence
 * is no longer the current one: another session took over.
 */
export interface StoreTransaction extends RemovalTransaction {
  /** Inserts or updates a session. @throws FinalStateError if its stored state is final */
  saveSession(summary: SessionSummary): void
  /** Updates a session that was saved before. @throws FinalStateError if it is over, or was pruned since */
  updateSession(summary: SessionSummary): void
  appendJournal(sessionId: string, entries: readonly JournalEntry[]): void
  /** Appends entries after a session's end; none if it was pruned meanwhile. */
  appendLate(sessionId: string, entries: readonly JournalEntry[]): void
  appendAudit(draft: AuditDraft): void
  /** The audit records that this piece of work has appended so far. */
  appended(): readonly AuditDraft[]

  // the inviter's redemptions
  reserve(request: ReserveRequest): ReserveOutcome
  /** Returns what this peer has on the token already, even if the token is expired or revoked by now. */
  resume(request: ReserveRequest): ReserveOutcome | undefined
  /** Reserves nothing: says how `reserve` would answer. */
  prospect(request: ProspectRequest): Prospect
  /** True if something is under way with this peer, or an answer to it not acknowledged. */
  holdsReservation(peerId: string): boolean
  /** Returns the token's grant as it is stored, for a resumed redemption. */
  grantOf(tokenId: string): Grant | undefined
  /** Stores the checks' approval, to be used once and under this fence only. */
  approve(claim: Claim): ApprovedWrite
  /** Approves, and uses the approval up for building at once. */
  intendProvision(claim: Claim, now: number): ApprovedWrite
  /** Uses the approval up for having the invitee build. */
  delegate(claim: Claim, response: Uint8Array, reservedUntil: number): ApprovedWrite
  /** The commit point. `response` for stock, `receipt` for foil. */
  commit(
    claim: Claim,
    tally: TallyRecord,
    bytes: {
      readonly response?: { readonly payload: Uint8Array; readonly hash: string }
      readonly receipt?: Uint8Array
    },
    now: number,
  ): boolean
  /**
   * Confirms an offer that this peer acknowledges.
   * @param signature the invitee's under the receipt, verified; without one a stored signature stays
   * @returns undefined if there is no such offer to this peer or the hash is another one
   */
  confirm(
    redemptionId: string,
    peerId: string,
    responseHash: string,
    now: number,
    signature?: string,
  ): Confirmed | undefined
  release(claim: Claim, reason: string, now: number): boolean
  /** True if a use of the token is this peer's under that redemption: committed, or under way. */
  knowsUse(redemptionId: string, tokenId: string, peerId: string): boolean
  /** Gives no more uses of a token. False if it gave none before. */
  stopToken(grant: Grant, now: number): boolean
  /** Notes a loss. False if it was noted before. */
  noteLoss(lost: LostUse): boolean
  /** The inviter knows the redemption again. */
  settleLoss(redemptionId: string): void
  /** Counts the committed uses of a token. */
  committedUses(tokenId: string): number
  /** Lists reservations past their deadline, at most `limit`. */
  lapsed(now: number, limit: number): readonly LapsedReservation[]
  decline(tokenId: string, peerId: string, reason: string | undefined, now: number): void
  hasDeclined(tokenId: string, peerId: string): boolean
  storedResponse(redemptionId: string): Uint8Array | undefined
  storedReceipt(redemptionId: string): Uint8Array | undefined
  /** The tally that was committed for this redemption, with the draft's hash. */
  committedTally(redemptionId: string): TallyRecord | undefined

  // the invitee's attempts
  /** Returns the newest attempt on a link. */
  findAttempt(linkHash: string): Attempt | undefined
  /** Returns the newest attempt on a link that has led to a tally here, held or confirmed. */
  keptAttempt(linkHash: string): Attempt | undefined
  /** True if a session works on the link. */
  isLinkBusy(linkHash: string, now: number): boolean
  /**
   * Takes the lease on an attempt, which is inserted if it is new. False, having changed nothing, if another session
   * works on this link, or if the newest attempt on it is not the one that this one was planned after.
   */
  beginAttempt(
    attempt: Omit<Attempt, 'sessions'>,
    begin: { readonly lease: Lease; readonly after: string | undefined; readonly now: number },
  ): boolean
  /** False if another session has taken the attempt over since. */
  holdsAttempt(attemptId: string, owner: string): boolean
  /** Gives the lease back. False if it was another session's. */
  freeAttempt(attemptId: string, owner: string): boolean
  /** Lists the processes that hold a lease, dead or alive. */
  leaseHolders(): readonly string[]
  /** Frees the leases of a process that is gone. */
  freeLeases(holder: string): void
  /**
   * As `holdsAttempt`, and notes that this tally's database is being built: while the lease stands, no other process
   * removes it.
   */
  noteBuilding(attemptId: string, owner: string, tallyId: string): boolean
  setAttempt(attemptId: string, status: Attempt['status'], tallyId?: string): void
  keepTally(tally: TallyRecord): void
  /** @param signature the inviter's under the receipt, verified */
  confirmTally(tallyId: string, signature?: string): void
  discardTally(tallyId: string): void
  findTally(tallyId: string): TallyRecord | undefined

  // time
  /** The highest wall time that was stored, ms since the epoch; 0 if there is none. */
  highestTime(): number
  /** Stores the highest wall time, ms since the epoch; a lower one changes nothing. */
  rememberTime(at: number): void

  /** Owed notices to token hooks that a use is spent. */
  readonly notices: NoticeTransaction
  /** Invitations that expire. */
  readonly expiry: ExpiryTransaction
  /** The things that a reaper looks at and takes away. */
  readonly reaping: ReapTransaction

  // recovery
  /** Lists sessions that are not over, oldest first; of the dialer's only those whose attempt nobody holds. */
  openSessions(side: Side, now: number, limit: number): readonly OpenSession[]
  /**
   * Deletes sessions that are over and not among the newest `keep`; of those that something unfinished refers to, only
   * the journal. A bounded part of them at a time.
   * @returns true if there is more to delete
   */
  pruneHistory(keep: number): boolean
}

/** One side has lost what came of a redemption, and the other side has not. */
export interface LostUse {
  /** The side that lost it: this store, which hears of it as the inviter, or the inviter, who does not know this side's tally. */
  readonly lostBy: 'here' | 'inviter'
  readonly redemptionId: string
  readonly tokenId: string
  /** The other side. */
  readonly peerId: string
  readonly tallyId: string
  /** When it was heard of first, milliseconds since the epoch. */
  readonly at: number
}

/** The questions that are answered without a transaction. */
export type StoreReading = Pick<
  StoreTransaction,
  'grantOf' | 'hasDeclined' | 'knowsUse' | 'prospect'
>

/** The session core's only durable memory. */
export interface SessionStore {
  /**
   * Asks at once, without a lock and without a commit. The answer may rest on a batch that is on its way to the disk: it may
   * be told, and nothing may be written on its strength.
   * @throws StoreError
   */
  query<Result>(work: (reading: StoreReading) => Result): Result

  /**
   * Runs `work` at once, inside the batch that is open now. Its result is provisional until `durable` resolves: many
   * calls share one commit. Nothing that rests on the result may leave before that. `durable` rejects with `StoreError`
   * if the batch was lost. If `work` throws, its own writes are undone and the error goes to the caller; the rest of the
   * batch is untouched.
   */
  transact<Result>(work: (transaction: StoreTransaction) => Result): {
    readonly value: Result
    readonly durable: Promise<void>
  }
}

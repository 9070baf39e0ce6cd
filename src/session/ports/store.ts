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

/** Who asks for a use of which token. */
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
  /** Until when the reservation stands if nothing more happens. */
  readonly reservedUntil: number
  /** True if a session of this redemption is under way in this process. */
  isRunning(redemptionId: string): boolean
}

/** The judge's answer. */
export type ReserveOutcome =
  | { readonly kind: 'reserved'; readonly claim: Claim }
  /** The same request was answered before; its bytes are stored. */
  | { readonly kind: 'replayed'; readonly claim: Claim; readonly tallyId: string }
  | {
      readonly kind: 'refused'
      readonly code: RefusalCode
      readonly reason: string
      readonly retryAfterMs?: number
    }

/** What came of a write that rests on what the checks allowed. */
export type ApprovedWrite =
  | 'done'
  /** The token was revoked since it was checked. */
  | 'revoked'
  /** Somebody took over, or this approval was used up before. */
  | 'lost'

/** A reservation whose time is over. */
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
  /** What was signed, and by whom; left out if neither side has. */
  readonly receipt?: ReceiptMarks
}

/** An acknowledgment was of what was offered. */
export interface Confirmed {
  readonly tallyId: string
  readonly tokenId: string
  /** False if it was known, with a signature or without: a peer may repeat itself. */
  readonly isNews: boolean
}

/**
 * What one transaction can do. Methods that quote a claim return false, having changed nothing, if
 * its fence is no longer the current one: somebody took over.
 */
export interface StoreTransaction extends RemovalTransaction {
  /** Insert or update. A final state is never left: throws `FinalStateError`. */
  saveSession(summary: SessionSummary): void
  /** Of a session that was saved before. Throws `FinalStateError` if it is over, or was pruned since. */
  updateSession(summary: SessionSummary): void
  appendJournal(sessionId: string, entries: readonly JournalEntry[]): void
  /** After its end. What was pruned meanwhile is not begun anew. */
  appendLate(sessionId: string, entries: readonly JournalEntry[]): void
  appendAudit(draft: AuditDraft): void
  /** What this piece of work has appended to the audit so far. */
  appended(): readonly AuditDraft[]

  // the inviter's redemptions
  reserve(request: ReserveRequest): ReserveOutcome
  /** What this peer already has on the token, even if the token is expired or revoked by now. */
  resume(request: ReserveRequest): ReserveOutcome | undefined
  /** True if a use of the token is this peer's: committed, or under way. */
  hasUse(tokenId: string, peerId: string): boolean
  /** True if something is under way with this peer, or an answer to it not acknowledged. */
  holdsReservation(peerId: string): boolean
  /** What the store knows of a token, for a resumed redemption. */
  grantOf(tokenId: string): Grant | undefined
  /** Note what the checks allowed: to be used once, under this fence only. */
  approve(claim: Claim): ApprovedWrite
  /** Approve, and use the approval up for building at once. */
  intendProvision(claim: Claim, now: number): ApprovedWrite
  /** Use the approval up for having the invitee build. */
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
   * Undefined if there is no such offer to this peer or the hash is another one.
   * @param signature the invitee's under the receipt, verified; without one what is there stays
   */
  confirm(
    redemptionId: string,
    peerId: string,
    responseHash: string,
    now: number,
    signature?: string,
  ): Confirmed | undefined
  release(claim: Claim, reason: string, now: number): boolean
  /** How many uses of the token are committed. */
  committedUses(tokenId: string): number
  /** Reservations past their deadline, at most `limit`. */
  lapsed(now: number, limit: number): readonly LapsedReservation[]
  decline(tokenId: string, peerId: string, reason: string | undefined, now: number): void
  hasDeclined(tokenId: string, peerId: string): boolean
  storedResponse(redemptionId: string): Uint8Array | undefined
  storedReceipt(redemptionId: string): Uint8Array | undefined
  /** What was committed for this redemption: the draft's hash and the tally. */
  committedTally(redemptionId: string): TallyRecord | undefined

  // the invitee's attempts
  /** The newest attempt on a link. */
  findAttempt(linkHash: string): Attempt | undefined
  /** The newest attempt on a link that has led to a tally here, held or confirmed. */
  keptAttempt(linkHash: string): Attempt | undefined
  /** True if somebody works on the link. */
  isLinkBusy(linkHash: string, now: number): boolean
  /**
   * Take the lease on an attempt, which is made if it is new. False, having changed nothing, if somebody works
   * on this link, or if the newest attempt on it is not the one that this one was planned after.
   */
  beginAttempt(
    attempt: Omit<Attempt, 'sessions'>,
    begin: { readonly lease: Lease; readonly after: string | undefined; readonly now: number },
  ): boolean
  /** False if somebody else has taken the attempt over since. */
  holdsAttempt(attemptId: string, owner: string): boolean
  /** Give the lease back. False if it was somebody else's. */
  freeAttempt(attemptId: string, owner: string): boolean
  /** The processes that hold a lease, be they alive or not. */
  leaseHolders(): readonly string[]
  /** Free what a process held that is gone. */
  freeLeases(holder: string): void
  /**
   * As `holdsAttempt`, and from now on this tally's database is being built: while the lease stands, nobody else
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
  /** Lower than what is stored changes nothing. */
  rememberTime(at: number): void

  /** Token hooks that have yet to be told that a use is spent. */
  readonly notices: NoticeTransaction
  /** Invitations that run out. */
  readonly expiry: ExpiryTransaction
  /** What a reaper looks at, and takes away. */
  readonly reaping: ReapTransaction

  // recovery
  /** Sessions that are not over, oldest first; of the dialer's only those whose attempt has no living owner. */
  openSessions(side: Side, now: number, limit: number): readonly OpenSession[]
  /**
   * Forget what is over and is not among the newest `keep` sessions; of what something unfinished refers to, only
   * the journal. A bounded part of it at a time.
   * @returns true if there is more to forget
   */
  pruneHistory(keep: number): boolean
}

/** The session core's only durable memory. */
export interface SessionStore {
  /**
   * Run `work` at once, inside the batch that is open now. Its result is provisional until `durable`
   * resolves: many calls share one commit. Nothing that the result led to may leave before that.
   * `durable` rejects with `StoreError` if the batch was lost. If `work` throws, its own writes are
   * undone and the error goes to the caller; the rest of the batch is untouched.
   */
  transact<Result>(work: (transaction: StoreTransaction) => Result): {
    readonly value: Result
    readonly durable: Promise<void>
  }
}

import type { AuditDraft } from '../../audit/record/record.ts'
import type { Claim, Grant } from '../../session/machine/listener-state.ts'
import type { ExpiryTransaction } from '../../session/ports/expiry.ts'
import type { NoticeTransaction } from '../../session/ports/notices.ts'
import type { ReapTransaction } from '../../session/ports/reap.ts'
import type {
  ApprovedWrite,
  Attempt,
  Confirmed,
  JournalEntry,
  LapsedReservation,
  Lease,
  OpenSession,
  OwedRemoval,
  RemovalOrder,
  ReserveOutcome,
  ReserveRequest,
  SessionSummary,
  Side,
  StoreTransaction,
  TallyRecord,
} from '../../session/ports/store.ts'
import type { Books } from './repositories.ts'
import { reserveUse } from './reserve-use.ts'

/** The session core's view of the books for one piece of work: the transaction is whatever is open. */
export class BookTransaction implements StoreTransaction {
  readonly #books: Books
  #appended: AuditDraft[] | undefined

  constructor(books: Books) {
    this.#books = books
  }

  appended(): readonly AuditDraft[] {
    return this.#appended ?? []
  }

  saveSession(summary: SessionSummary): void {
    this.#books.sessions.save(summary)
  }

  updateSession(summary: SessionSummary): void {
    this.#books.sessions.update(summary)
  }

  appendJournal(sessionId: string, entries: readonly JournalEntry[]): void {
    this.#books.sessions.append(sessionId, entries)
  }

  appendLate(sessionId: string, entries: readonly JournalEntry[]): void {
    this.#books.sessions.appendLate(sessionId, entries)
  }

  appendAudit(draft: AuditDraft): void {
    this.#books.audit.append(draft)
    this.#appended ??= []
    this.#appended.push(draft)
  }

  reserve(request: ReserveRequest): ReserveOutcome {
    return reserveUse(this.#books, request)
  }

  resume(request: ReserveRequest): ReserveOutcome | undefined {
    return this.#books.reservations.resume(request)
  }

  hasUse(tokenId: string, peerId: string): boolean {
    return this.#books.reservations.hasUse(tokenId, peerId)
  }

  holdsReservation(peerId: string): boolean {
    return this.#books.reservations.holdsAny(peerId)
  }

  grantOf(tokenId: string): Grant | undefined {
    return this.#books.tokens.grantOf(tokenId)
  }

  approve(claim: Claim): ApprovedWrite {
    return this.#books.redemptions.approve(claim)
  }

  intendProvision(claim: Claim, now: number): ApprovedWrite {
    return this.#books.redemptions.intend(claim, now)
  }

  delegate(claim: Claim, response: Uint8Array, reservedUntil: number): ApprovedWrite {
    return this.#books.redemptions.delegate(claim, response, reservedUntil)
  }

  commit(
    claim: Claim,
    tally: TallyRecord,
    bytes: Parameters<StoreTransaction['commit']>[2],
    now: number,
  ): boolean {
    const { redemptions, tallies } = this.#books
    // Another redemption's tally is not overwritten, whatever id a database hook came up with.
    if (!tallies.insert(tally)) return false
    const { tallyId } = tally
    const delivery = tally.status === 'confirmed' ? 'confirmed' : 'offered'
    if (redemptions.commit(claim, { ...bytes, tallyId, delivery }, now)) return true
    tallies.remove(tallyId)
    return false
  }

  confirm(
    redemptionId: string,
    peerId: string,
    responseHash: string,
    now: number,
    signature?: string,
  ): Confirmed | undefined {
    const { redemptions, tallies } = this.#books
    const found = redemptions.confirm(redemptionId, peerId, responseHash, now)
    if (found === undefined) return undefined
    const signatures = signature === undefined ? {} : { invitee: signature }
    return { ...found, isNews: tallies.confirm(found.tallyId, signatures) }
  }

  release(claim: Claim, reason: string, now: number): boolean {
    const { redemptions, removals } = this.#books
    const builder = redemptions.builderOf(claim)
    if (!redemptions.release(claim, reason, now)) return false
    // Not by this session perhaps: whoever held the use before may have left a database.
    const { redemptionId, fence, tallyId } = claim
    if (builder !== undefined)
      removals.owe({ ...builder, redemptionId, fence, tallyId, reason }, now)
    return true
  }

  committedUses(tokenId: string): number {
    return this.#books.redemptions.committedUses(tokenId)
  }

  lapsed(now: number, limit: number): readonly LapsedReservation[] {
    return this.#books.redemptions.lapsed(now, limit)
  }

  decline(tokenId: string, peerId: string, reason: string | undefined, now: number): void {
    this.#books.declines.insert(tokenId, peerId, reason, now)
  }

  hasDeclined(tokenId: string, peerId: string): boolean {
    return this.#books.declines.has(tokenId, peerId)
  }

  storedResponse(redemptionId: string): Uint8Array | undefined {
    return this.#books.redemptions.storedResponse(redemptionId)
  }

  storedReceipt(redemptionId: string): Uint8Array | undefined {
    return this.#books.redemptions.storedReceipt(redemptionId)
  }

  committedTally(redemptionId: string): TallyRecord | undefined {
    return this.#books.tallies.ofRedemption(redemptionId)
  }

  findAttempt(linkHash: string): Attempt | undefined {
    return this.#books.attempts.latest(linkHash)
  }

  keptAttempt(linkHash: string): Attempt | undefined {
    return this.#books.attempts.kept(linkHash)
  }

  isLinkBusy(linkHash: string, now: number): boolean {
    return this.#books.attempts.isLeased(linkHash, now)
  }

  beginAttempt(
    attempt: Omit<Attempt, 'sessions'>,
    { lease, after, now }: Parameters<StoreTransaction['beginAttempt']>[1],
  ): boolean {
    const { attempts } = this.#books
    if (attempts.latestId(attempt.linkHash) !== after) return false
    if (attempts.isLeased(attempt.linkHash, now)) return false
    attempts.begin(attempt, lease)
    return true
  }

  holdsAttempt(attemptId: string, owner: string): boolean {
    return this.#books.attempts.holds(attemptId, owner)
  }

  freeAttempt(attemptId: string, owner: string): boolean {
    return this.#books.attempts.free(attemptId, owner)
  }

  leaseHolders(): readonly string[] {
    return this.#books.attempts.holders()
  }

  freeLeases(holder: string): void {
    this.#books.attempts.freeAll(holder)
  }

  noteBuilding(attemptId: string, owner: string, tallyId: string): boolean {
    return this.#books.attempts.noteBuilding(attemptId, owner, tallyId)
  }

  setAttempt(attemptId: string, status: Attempt['status'], tallyId?: string): void {
    this.#books.attempts.set(attemptId, status, tallyId)
  }

  keepTally(tally: TallyRecord): void {
    const { tallies } = this.#books
    const known = tallies.find(tally.tallyId)
    // What was only held may have been approved anew since, with another draft.
    if (known?.status === 'held' && known.built.draft.sha256 !== tally.built.draft.sha256) {
      tallies.remove(tally.tallyId)
    }
    if (tallies.insert(tally)) return
    if (tally.status === 'confirmed') tallies.confirm(tally.tallyId)
    // The inviter may have answered anew since, with the same draft.
    if (tally.receipt !== undefined) tallies.setReceipt(tally.tallyId, tally.receipt)
  }

  confirmTally(tallyId: string, signature?: string): void {
    this.#books.tallies.confirm(tallyId, signature === undefined ? {} : { inviter: signature })
  }

  discardTally(tallyId: string): void {
    this.#books.tallies.remove(tallyId)
  }

  findTally(tallyId: string): TallyRecord | undefined {
    return this.#books.tallies.find(tallyId)
  }

  oweRemoval(order: RemovalOrder, now: number, dueAt?: number): Lease | undefined {
    return this.#books.removals.owe(order, now, dueAt)
  }

  dueRemovals(now: number, limit: number): readonly OwedRemoval[] {
    const { removals, attempts } = this.#books
    return removals.due(now, limit).filter(({ tallyId }) => !attempts.isBuilding(tallyId, now))
  }

  findRemoval(tallyId: string): OwedRemoval | undefined {
    return this.#books.removals.find(tallyId)
  }

  claimRemoval(tallyId: string, claim: Lease): void {
    this.#books.removals.claim(tallyId, claim)
  }

  settleRemoval(tallyId: string): OwedRemoval | undefined {
    return this.#books.removals.settle(tallyId)
  }

  finishRemoval(tallyId: string, owner: string): boolean {
    return this.#books.removals.finish(tallyId, owner)
  }

  failRemoval(tallyId: string, owner: string, error: string, nextAt: number): void {
    this.#books.removals.fail(tallyId, owner, error, nextAt)
  }

  isTallyWanted(tallyId: string): boolean {
    const { tallies, redemptions } = this.#books
    return tallies.find(tallyId) !== undefined || redemptions.isBuilding(tallyId)
  }

  highestTime(): number {
    return this.#books.time.highest()
  }

  rememberTime(at: number): void {
    this.#books.time.remember(at)
  }

  get notices(): NoticeTransaction {
    return this.#books.notices
  }

  get expiry(): ExpiryTransaction {
    return this.#books.expiry
  }

  get reaping(): ReapTransaction {
    return this.#books.reaping
  }

  openSessions(side: Side, now: number, limit: number): readonly OpenSession[] {
    const { sessions } = this.#books
    return sessions
      .open(side, now, limit)
      .map((summary) => ({ summary, entries: sessions.entries(summary.id) }))
  }

  pruneHistory(keep: number): boolean {
    return this.#books.pruner.prune(keep)
  }
}

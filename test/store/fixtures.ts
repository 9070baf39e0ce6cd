import type { AuditDraft } from '../../src/audit/record/record.ts'
import { sha256Hex } from '../../src/protocol/base/digest.ts'
import type { Claim, Grant } from '../../src/session/machine/listener-state.ts'
import type { Attempt } from '../../src/session/ports/attempt.ts'
import type { JournalEntry, SessionSummary } from '../../src/session/ports/session-summary.ts'
import type { TallyRecord } from '../../src/session/ports/tally.ts'
import type { ReserveOutcome, ReserveRequest } from '../../src/session/ports/uses/reservation.ts'
import type { Write } from '../../src/session/ports/write.ts'
import { answered } from '../../src/session/ports/written.ts'
import type { TokenToIssue } from '../../src/store/ledger/tokens.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import type { Store } from '../../src/store/transaction/store.ts'

const INVITER = 'inviter'
/** When everything in these tests begins, milliseconds since the epoch. */
export const T0 = 1_800_000_000_000
export const HOUR = 3_600_000
/** How long a reservation stands. */
export const HOLD = 60_000

export function tokenToIssue(id: string, uses: number | null): TokenToIssue {
  return {
    id,
    secretHash: new Uint8Array(32).fill(7),
    role: 'stock',
    uses,
    issuedAt: T0,
    expiresAt: T0 + HOUR,
    required: [],
    optional: [],
    terms: null,
  }
}

export async function issue(store: Store, id: string, uses: number | null): Promise<void> {
  await store.transact(() => tokenRecords.issue(tokenToIssue(id, uses)))
}

export function grantOf(tokenId: string, usesAllowed: number | null): Grant {
  return {
    tokenId,
    role: 'stock',
    expiresAt: T0 + HOUR,
    required: [],
    optional: [],
    usesAllowed,
    terms: null,
  }
}

let made = 0

/** A redemption id that no other test has. */
export function freshId(prefix = 'r'): string {
  made += 1
  return `${prefix}-${process.pid}-${made}`
}

/** A request by a peer for a use; its bootstrap id and content are the peer's only ones unless given. */
export function requestOf(
  grant: Grant,
  peerId: string,
  more: Partial<ReserveRequest> = {},
): ReserveRequest {
  const now = more.now ?? T0
  return {
    redemptionId: freshId(),
    sessionId: freshId('s'),
    grant,
    inviter: INVITER,
    peerId,
    bootstrapId: `boot-${peerId}`,
    requestHash: `hash-${peerId}`,
    another: false,
    now,
    reservedUntil: now + HOLD,
    running: new Set(),
    ...more,
  }
}

/** Asks for a use and waits until the answer is durable. */
export function reserve(store: Store, request: ReserveRequest): Promise<ReserveOutcome> {
  const { sessionId, peerId, now: at } = request
  const facts = { sessionId, peerId, at, monotonic: 1 }
  return answered(store, 'reserve', { op: 'reserve', request, facts })
}

/** The commit of a stock tally. */
export function commitOf(claim: Claim, grant: Grant): Extract<Write, { readonly op: 'commit' }> {
  const { redemptionId, tallyId } = claim
  const tally = tallyOf(tallyId, redemptionId)
  const response = responseOf(redemptionId)
  const facts = { sessionId: `session-${redemptionId}`, peerId: 'bob', at: T0, monotonic: 1 }
  return { op: 'commit', claim, grant, tally, response, now: T0, facts }
}

/** Commits, and waits until that is durable. False if another session took over. */
export async function commit(store: Store, claim: Claim, grant: Grant): Promise<boolean> {
  const { outcome, durable } = store.submit([commitOf(claim, grant)])
  const { kind } = await outcome
  await durable
  return kind === 'applied'
}

/** The claim of an outcome that must be a reservation. */
export function claimOf(outcome: ReserveOutcome) {
  if ('claim' in outcome) return outcome.claim
  throw new Error(outcome.kind === 'refused' ? `refused: ${outcome.code}` : outcome.kind)
}

export function tallyOf(
  tallyId: string,
  redemptionId: string,
  status: TallyRecord['status'] = 'offered',
): TallyRecord {
  const text = `{"tally":"${tallyId}"}`
  return {
    tallyId,
    role: 'stock',
    partner: { peerId: 'bob', identity: { name: 'Bob' } },
    built: {
      tally: { tallyId, createdBy: 'stock' },
      database: {
        engine: 'automerge',
        endpoint: `automerge:${tallyId}`,
        credentialsRef: 'peer-id',
      },
      draft: { text, sha256: sha256Hex(text) },
    },
    status,
    redemptionId,
    createdAt: T0,
  }
}

export function responseOf(redemptionId: string) {
  const payload = new TextEncoder().encode(`the answer to ${redemptionId}`)
  return { payload, hash: sha256Hex(payload) }
}

export function summaryOf(id: string, more: Partial<SessionSummary> = {}): SessionSummary {
  return { id, side: 'listener', state: 'PROVISIONING_DB', peerId: 'bob', startedAt: T0, ...more }
}

/** An attempt that has just begun; its other ids are its own unless given. */
export function attemptOf(
  attemptId: string,
  more: Partial<Attempt> = {},
): Omit<Attempt, 'sessions'> {
  return {
    attemptId,
    bootstrapId: `boot-${attemptId}`,
    linkHash: `link-${attemptId}`,
    tokenId: 't',
    inviter: 'alice',
    role: 'foil',
    requestHash: 'h',
    identity: {},
    cadre: [],
    status: 'running',
    createdAt: T0,
    ...more,
  }
}

export function journalEntry(seq: number): JournalEntry {
  return { seq, from: 'A', to: 'B', event: `{"n":${seq}}`, at: T0 + seq, ms: seq + 0.5 }
}

export function auditDraft(sessionId: string | undefined, event: string): AuditDraft {
  return {
    type: 'state',
    severity: 'info',
    at: T0,
    monotonic: 1,
    ...(sessionId === undefined ? {} : { sessionId }),
    data: { event },
  }
}

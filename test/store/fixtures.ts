import type { AuditDraft } from '../../src/audit/record/record.ts'
import { sha256Hex } from '../../src/protocol/base/digest.ts'
import type { Grant } from '../../src/session/machine/listener-state.ts'
import type {
  ReserveOutcome,
  ReserveRequest,
  SessionSummary,
  TallyRecord,
} from '../../src/session/ports/store.ts'
import type { TokenToIssue } from '../../src/store/ledger/tokens.ts'
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
  await store.write(({ tokens }) => tokens.issue(tokenToIssue(id, uses)))
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
    isRunning: () => false,
    ...more,
  }
}

/** Ask for a use and wait until the answer is durable. */
export async function reserve(store: Store, request: ReserveRequest): Promise<ReserveOutcome> {
  const { value, durable } = store.transact((transaction) => transaction.reserve(request))
  await durable
  return value
}

/** The claim of an outcome that must be a reservation. */
export function claimOf(outcome: ReserveOutcome) {
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code}`)
  return outcome.claim
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

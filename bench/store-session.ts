import { randomBytes } from 'node:crypto'
import type { AuditDraft } from '../src/audit/record/record.ts'
import { sha256Hex } from '../src/protocol/base/digest.ts'
import type { Claim, Grant } from '../src/session/machine/listener-state.ts'
import type {
  JournalEntry,
  SessionSummary,
  StoreTransaction,
  TallyRecord,
} from '../src/session/ports/store.ts'
import type { Store } from '../src/store/transaction/store.ts'

const INVITER = '12D3KooWInviterInviterInviterInviterInviterInviterIn'
const DRAFT = JSON.stringify({ v: 1, terms: 'x'.repeat(400), halves: 'y'.repeat(500) })
/** As long as an approval with that draft in it. */
const RESPONSE = Buffer.from(
  JSON.stringify({ type: 'ProvisioningResult', text: 'z'.repeat(1_800) }),
)
const HOUR_MS = 3_600_000

interface Run {
  readonly store: Store
  readonly id: string
  readonly peerId: string
  readonly grant: Grant
  readonly startedAt: number
}

/** A standing invitation. */
export async function mintToken(store: Store): Promise<string> {
  const id = text()
  const now = Date.now()
  await store.write(({ tokens }) =>
    tokens.issue({
      id,
      secretHash: randomBytes(32),
      role: 'stock',
      uses: null,
      issuedAt: now,
      expiresAt: now + HOUR_MS,
      required: [],
      optional: ['name'],
      terms: { note: 'lunch' },
    }),
  )
  return id
}

/** What one stock session asks of the store, from the contact to the acknowledgment. */
export async function stockSession(store: Store, tokenId: string): Promise<void> {
  const found = store.read(({ tokens }) => tokens.lookUp(tokenId))
  if (found === undefined) throw new Error('the token is not in the store')
  const { role, uses: usesAllowed, expiresAt, required, optional, terms } = found.token
  const grant: Grant = { tokenId, role, usesAllowed, expiresAt, required, optional, terms }
  const run: Run = { store, id: text(), peerId: `12D3KooW${text()}`, grant, startedAt: Date.now() }
  const claim = reserve(run)
  await beginProvisioning(run, claim)
  await commit(run, claim)
  await complete(run, claim)
  await confirm(run, claim)
}

function reserve({ store, id, peerId, grant, startedAt }: Run): Claim {
  const { value } = store.transact((transaction) => {
    if (transaction.hasDeclined(grant.tokenId, peerId)) throw new Error('declined')
    const outcome = transaction.reserve({
      redemptionId: text(),
      sessionId: id,
      grant,
      inviter: INVITER,
      peerId,
      bootstrapId: text(),
      requestHash: sha256Hex(id),
      another: false,
      now: startedAt,
      reservedUntil: startedAt + 60_000,
      isRunning: () => false,
    })
    if (outcome.kind !== 'reserved') throw new Error(`not reserved: ${outcome.kind}`)
    const { fence, use } = outcome.claim
    audit(transaction, id, peerId, { event: 'reserved', fence, use })
    return outcome.claim
  })
  return value
}

async function beginProvisioning(run: Run, claim: Claim): Promise<void> {
  await run.store.transact((transaction) => {
    if (transaction.intendProvision(claim, Date.now()) !== 'done') throw new Error('fence lost')
    record(transaction, run, summary(run, claim, 'PROVISIONING_DB'), [
      entry(1, 'CREATED', 'READING_REQUEST', { type: 'opened' }),
      entry(2, 'READING_REQUEST', 'VALIDATING_TOKEN', {
        type: 'contact',
        identity: 'x'.repeat(200),
      }),
      entry(3, 'VALIDATING_TOKEN', 'PROVISIONING_DB', { type: 'tokenReserved', claim }),
    ])
  }).durable
}

async function commit(run: Run, claim: Claim): Promise<void> {
  const { store, id, peerId, startedAt } = run
  const { redemptionId, tallyId } = claim
  const draft = { text: DRAFT, sha256: sha256Hex(DRAFT) }
  const database = {
    engine: 'automerge',
    endpoint: `automerge:${tallyId}`,
    credentialsRef: 'peer-id',
  }
  const tally: TallyRecord = {
    tallyId,
    role: 'stock',
    partner: { peerId, identity: { name: 'Bob' } },
    built: { tally: { tallyId, createdBy: 'stock' }, database, draft },
    status: 'offered',
    redemptionId,
    createdAt: startedAt,
  }
  await store.transact((transaction) => {
    const response = { payload: RESPONSE, hash: sha256Hex(redemptionId) }
    if (!transaction.commit(claim, tally, { response }, Date.now())) throw new Error('fence lost')
    audit(transaction, id, peerId, { event: 'committed', tallyId })
    const event = { type: 'provisioned', built: { ...tally.built, draft: { text: '' } } }
    record(transaction, run, summary(run, claim, 'SENDING_RESPONSE'), [
      entry(4, 'PROVISIONING_DB', 'SENDING_RESPONSE', event),
    ])
  }).durable
}

async function complete(run: Run, claim: Claim): Promise<void> {
  await run.store.transact((transaction) => {
    record(
      transaction,
      run,
      { ...summary(run, claim, 'COMPLETED'), endedAt: Date.now(), durationMs: 12.5 },
      [entry(5, 'SENDING_RESPONSE', 'COMPLETED', { type: 'sent' })],
    )
  }).durable
}

async function confirm({ store, id, peerId }: Run, { redemptionId }: Claim): Promise<void> {
  await store.transact((transaction) => {
    const responseHash = sha256Hex(redemptionId)
    const found = transaction.confirm(redemptionId, peerId, responseHash, Date.now())
    if (found === undefined) throw new Error('not confirmed')
    audit(transaction, id, peerId, { event: 'confirmed', tallyId: found.tallyId })
    const event = { type: 'acknowledgment', redemptionId, responseHash }
    transaction.appendJournal(id, [entry(6, 'COMPLETED', 'COMPLETED', event)])
  }).durable
}

function record(
  transaction: StoreTransaction,
  { id, peerId }: Run,
  session: SessionSummary,
  path: readonly JournalEntry[],
): void {
  transaction.saveSession(session)
  transaction.appendJournal(id, path)
  const names = ['CREATED', ...path.map((each) => each.to)]
  audit(transaction, id, peerId, { side: 'listener', path: names, ms: path.map(({ ms }) => ms) })
}

function summary(run: Run, claim: Claim, state: string): SessionSummary {
  const { id, peerId, grant, startedAt } = run
  return {
    id,
    side: 'listener',
    state,
    peerId,
    role: grant.role,
    tokenId: grant.tokenId,
    redemptionId: claim.redemptionId,
    tallyId: claim.tallyId,
    remoteAddress: '/ip4/192.0.2.7/tcp/49152',
    startedAt,
  }
}

function entry(seq: number, from: string, to: string, event: object): JournalEntry {
  return { seq, from, to, event: JSON.stringify(event), at: Date.now(), ms: 1.25 }
}

function audit(
  transaction: StoreTransaction,
  sessionId: string,
  peerId: string,
  data: AuditDraft['data'],
): void {
  const at = Date.now()
  const monotonic = performance.now()
  transaction.appendAudit({
    type: 'token',
    severity: 'info',
    at,
    monotonic,
    sessionId,
    peerId,
    data,
  })
}

function text(): string {
  return randomBytes(16).toString('hex').slice(0, 26)
}

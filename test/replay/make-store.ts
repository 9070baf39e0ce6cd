/**
 * Writes the store that stands for this release: `node test/replay/make-store.ts`. Run once, when a new
 * version of the schema is released; what it wrote is never written again.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Hex } from '../../src/protocol/digest.ts'
import type {
  Attempt,
  ReserveRequest,
  StoreTransaction,
  TallyRecord,
} from '../../src/session/ports/store.ts'
import { MIGRATIONS } from '../../src/store/migrations.ts'
import { openStore, type Store } from '../../src/store/store.ts'

const T0 = 1_790_000_000_000
const DAY = 86_400_000
const ALICE = 'alice'

type Uses = number | null

function issue(store: Store, id: string, role: 'stock' | 'foil', uses: Uses): Promise<void> {
  return store.write(({ tokens }) =>
    tokens.issue({
      id,
      secretHash: new Uint8Array(32).fill(id.length),
      role,
      uses,
      issuedAt: T0,
      expiresAt: T0 + DAY,
      label: `the ${id} invitation`,
      required: ['name'],
      optional: ['email'],
      terms: { limit: 100, currency: 'hours' },
    }),
  )
}

function request(
  tokenId: string,
  role: 'stock' | 'foil',
  uses: Uses,
  peer: string,
): ReserveRequest {
  return {
    redemptionId: `redemption-${tokenId}-${peer}`,
    sessionId: `session-${tokenId}-${peer}`,
    grant: {
      tokenId,
      role,
      expiresAt: T0 + DAY,
      required: ['name'],
      optional: ['email'],
      usesAllowed: uses,
      terms: { limit: 100, currency: 'hours' },
    },
    inviter: ALICE,
    peerId: peer,
    bootstrapId: `bootstrap-${peer}`,
    requestHash: sha256Hex(peer),
    another: false,
    now: T0 + 1_000,
    reservedUntil: T0 + 61_000,
    isRunning: () => false,
  }
}

function reserve(transaction: StoreTransaction, asked: ReserveRequest) {
  const outcome = transaction.reserve(asked)
  if (outcome.kind !== 'reserved') throw new Error(`not reserved: ${outcome.kind}`)
  const { redemptionId, fence } = outcome.claim
  audit(transaction, 'token', asked.sessionId, { event: 'reserved', redemptionId, fence })
  return outcome.claim
}

function audit(
  transaction: StoreTransaction,
  type: 'token' | 'state',
  sessionId: string,
  data: Readonly<Record<string, string | number>>,
): void {
  const severity = 'info' as const
  transaction.appendAudit({ type, severity, at: T0 + 1_000, monotonic: 1.5, sessionId, data })
}

function tally(
  tallyId: string,
  redemptionId: string,
  partner: string,
  createdBy: 'stock' | 'foil',
  status: TallyRecord['status'],
): TallyRecord {
  const text = JSON.stringify({ protocol: 1, tallyId, createdBy })
  return {
    tallyId,
    role: createdBy,
    partner: { peerId: partner, identity: { name: partner, email: `${partner}@example.org` } },
    built: {
      tally: { tallyId, createdBy },
      database: {
        engine: 'automerge',
        endpoint: `automerge:${tallyId}`,
        credentialsRef: 'peer-id',
      },
      draft: { text, sha256: sha256Hex(text) },
    },
    status,
    redemptionId,
    createdAt: T0 + 1_000,
  }
}

/** A whole session in the log: begun, and ended as said. */
function session(
  transaction: StoreTransaction,
  id: string,
  side: 'listener' | 'dialer',
  peerId: string,
  end: { readonly state: string; readonly reason?: string; readonly step?: string },
): void {
  const base = { id, side, peerId, startedAt: T0 + 900, remoteAddress: '/ip4/192.0.2.7/tcp/4710' }
  transaction.saveSession({ ...base, state: 'PROVISIONING_DB', role: 'stock' })
  transaction.saveSession({
    ...base,
    role: 'stock',
    ...end,
    endedAt: T0 + 1_100,
    durationMs: 200.5,
  })
  transaction.appendJournal(id, [
    {
      seq: 1,
      from: 'CREATED',
      to: 'PROVISIONING_DB',
      event: '{"type":"opened"}',
      at: T0,
      ms: 0.25,
    },
    { seq: 2, from: 'PROVISIONING_DB', to: end.state, event: '{"type":"sent"}', at: T0, ms: 7 },
  ])
  audit(transaction, 'state', id, { to: end.state })
}

/** What an inviter has: uses reserved, delegated, committed, confirmed, released and declined. */
function writeInviter(transaction: StoreTransaction): void {
  const bob = reserve(transaction, request('once', 'stock', 1, 'bob'))
  transaction.intendProvision(bob, T0 + 1_010)
  const payload = Buffer.from('the answer to bob')
  const response = { payload, hash: sha256Hex(payload) }
  const forBob = tally(bob.tallyId, bob.redemptionId, 'bob', 'stock', 'offered')
  transaction.commit(bob, forBob, { response }, T0 + 1_020)
  transaction.confirm(bob.redemptionId, 'bob', response.hash, T0 + 1_030)
  session(transaction, 'session-once-bob', 'listener', 'bob', { state: 'COMPLETED' })

  const carol = reserve(transaction, request('three', 'foil', 3, 'carol'))
  transaction.approve(carol)
  transaction.delegate(carol, Buffer.from('carol may build'), T0 + 601_000)
  const fromCarol = tally('tally-of-carol', carol.redemptionId, 'carol', 'foil', 'confirmed')
  transaction.commit(carol, fromCarol, { receipt: Buffer.from('received') }, T0 + 1_040)
  const dave = reserve(transaction, request('three', 'foil', 3, 'dave'))
  transaction.approve(dave)
  transaction.delegate(dave, Buffer.from('dave may build'), T0 + 601_000)
  const erin = reserve(transaction, request('three', 'foil', 3, 'erin'))
  transaction.release(erin, 'timed_out', T0 + 1_050)
  const failed = { state: 'FAILED', reason: 'peer_left', step: 'PROVISIONING_DB' }
  session(transaction, 'session-three-erin', 'listener', 'erin', failed)

  reserve(transaction, request('standing', 'stock', null, 'frank'))
  transaction.decline('standing', 'grace', 'not now', T0 + 1_060)
}

/** What an invitee has: an attempt that came to a tally which the inviter has not confirmed yet. */
function writeInvitee(transaction: StoreTransaction): void {
  const attempt: Omit<Attempt, 'sessions'> = {
    attemptId: 'attempt-1',
    bootstrapId: 'bootstrap-of-ours',
    linkHash: 'link-hash',
    tokenId: 'token-of-heidi',
    inviter: 'heidi',
    role: 'stock',
    requestHash: 'request-hash',
    identity: { name: 'Alice' },
    cadre: ['/ip4/192.0.2.1/tcp/4710'],
    status: 'running',
    createdAt: T0 + 500,
  }
  const lease = { owner: 'process-1/session-to-heidi', until: T0 + 35_500 }
  transaction.beginAttempt(attempt, { lease, after: undefined, now: T0 + 500 })
  transaction.keepTally(tally('tally-of-heidi', 'redemption-of-heidi', 'heidi', 'foil', 'held'))
  transaction.setAttempt('attempt-1', 'held', 'tally-of-heidi')
  session(transaction, 'session-to-heidi', 'dialer', 'heidi', { state: 'COMPLETED' })
}

async function main(): Promise<void> {
  const directory = join(import.meta.dirname, `v${MIGRATIONS.length}`)
  const path = join(directory, 'taleus.db')
  if (existsSync(path)) throw new Error(`${path} is there and stays as it is`)
  mkdirSync(directory, { recursive: true })
  const store = openStore(path)
  await issue(store, 'once', 'stock', 1)
  await issue(store, 'three', 'foil', 3)
  await issue(store, 'standing', 'stock', null)
  await store.transact((transaction) => {
    writeInviter(transaction)
    writeInvitee(transaction)
  }).durable
  await store.write(({ meta, tallies, tokens }) => {
    tokens.revoke('standing', T0 + 2_000)
    tallies.appendChunk('tally-of-heidi', Uint8Array.of(1, 2, 3))
    meta.set('release', `schema ${MIGRATIONS.length}`)
  })
  store.close()
}

await main()

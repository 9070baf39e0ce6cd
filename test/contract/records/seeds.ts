import type { SqlValue } from '../../../src/store/query/query.ts'

/** One row: the values by their columns. */
export type SeedRow = Readonly<Record<string, SqlValue>>

/** The time of it all, ms since the epoch. */
export const T = 1_780_000_000_000

/** Ids that are alike in the beginning, and sort by their bytes only. */
export const TOKENS = ['tokenA0000000001', 'tokenB0000000002', 'tokena0000000003'] as const
export const PEERS = [
  `12D3KooW${'A'.repeat(44)}`,
  `12D3KooW${'B'.repeat(44)}`,
  `12D3KooW${'b'.repeat(44)}`,
] as const
const [TOKEN, STANDING, REVOKED] = TOKENS
const [ALICE, BOB, CAROL] = PEERS

const IDENTITY = '{"name":"Bob"}'
const BYTES = Uint8Array.from({ length: 32 }, (_, n) => n * 7)

const token = (id: string, more: SeedRow = {}): SeedRow => ({
  id,
  secret_hash: BYTES,
  role: 'stock',
  uses: 2,
  issued_at: T,
  expires_at: T + 1_000,
  required: '["name"]',
  optional: '[]',
  terms: '{"currency":"EUR"}',
  ...more,
})

const redemption = (seq: number, state: string, more: SeedRow = {}): SeedRow => ({
  seq,
  id: `redemption-${seq}`,
  token_id: TOKEN,
  slot: seq,
  peer_id: BOB,
  bootstrap_id: `bootstrap-${seq}`,
  request_hash: 'aa',
  session_id: 'session-1',
  fence: seq,
  state,
  tally_id: `tally-${seq}`,
  approved_at: T,
  reserved_until: ['committed', 'released'].includes(state) ? null : T + 500 * seq,
  changed_at: T,
  released_at: state === 'released' ? T + 1 : null,
  revision: 0,
  ...more,
})

const session = (seq: number, more: SeedRow = {}): SeedRow => ({
  seq,
  id: `session-${seq}`,
  side: seq % 2 === 0 ? 'dialer' : 'listener',
  state: 'DONE',
  peer_id: seq < 3 ? BOB : CAROL,
  token_id: TOKEN,
  started_at: T + seq,
  ...more,
})

const request = (n: number, more: SeedRow = {}): SeedRow => ({
  id: `request-${n}`,
  token_id: STANDING,
  peer_id: n < 3 ? BOB : CAROL,
  bootstrap_id: `bootstrap-${n}`,
  request_hash: 'bb',
  grant_hash: 'cc',
  another: n % 2,
  redemption_id: `awaited-${n}`,
  identity: IDENTITY,
  cadre: '[]',
  since: T,
  until: T + n * 100,
  ...more,
})

const tally = (n: number, more: SeedRow = {}): SeedRow => ({
  tally_id: `tally-${n}`,
  role: n % 2 === 0 ? 'foil' : 'stock',
  partner: n < 4 ? BOB : CAROL,
  partner_identity: IDENTITY,
  created_by: 'stock',
  engine: 'automerge',
  endpoint: `file:${n}`,
  credentials_ref: 'none',
  draft: '{}',
  draft_sha256: 'dd',
  status: 'confirmed',
  redemption_id: `redemption-${n}`,
  created_at: T + (n % 3),
  ...more,
})

const RECEIPT = { token_id: TOKEN, request_hash: BYTES, response_hash: BYTES, opening: 'open' }

const attempt = (n: number, more: SeedRow = {}): SeedRow => ({
  id: `attempt-${n}`,
  bootstrap_id: `bootstrap-${n}`,
  link_hash: 'link',
  token_id: TOKEN,
  inviter: ALICE,
  role: 'foil',
  request_hash: 'ee',
  identity: IDENTITY,
  cadre: '[]',
  status: 'running',
  created_at: T + n,
  ...more,
})

const owed = (n: number): SeedRow => ({
  fence: n,
  session_id: 'session-1',
  peer_id: BOB,
  since: T - n,
  tries: n - 1,
  next_at: T + n * 1_000,
  last_error: n > 1 ? 'away' : null,
})

const witnessed = (size: number, standing: string, more: SeedRow = {}): SeedRow => ({
  peer_id: BOB,
  size,
  standing,
  root: BYTES,
  note: `note ${size}`,
  since: T,
  seen_at: T + size,
  session_id: 'session-1',
  ...more,
})

/** Rows of each table, in which each query finds something, and not all. */
export const SEEDS = {
  meta: [
    { name: 'store_id', value: 'f00d' },
    { name: 'highest_time', value: String(T) },
  ],
  tokens: [
    token(TOKEN, { label: 'for Bob' }),
    token(STANDING, { uses: null, by_hand: 1, expires_at: T + 9_000, issued_at: T + 2 }),
    token(REVOKED, { label: 'ÄÖ B', uses: 1, revoked_at: T + 5, revision: 1 }),
    token('forgotten0000004', { secret_hash: null, forgotten_at: T + 6 }),
    token('expired000000005', { expires_at: T - 5, expiry_noted_at: T, paused_at: T - 9 }),
    token('run-out000000006', { expires_at: T - 2, role: 'foil' }),
  ],
  past_terms: [
    { token_id: REVOKED, revision: 0, required: '[]', optional: '[]', terms: '{"currency":"CHF"}' },
  ],
  redemptions: [
    redemption(1, 'committed', { delivery: 'offered', response_hash: 'ff' }),
    redemption(2, 'reserved'),
    redemption(3, 'delegated', { session_id: 'session-3', token_id: STANDING }),
    redemption(4, 'released', { released_for: 'timeout' }),
    redemption(5, 'committed', { delivery: 'confirmed', token_id: REVOKED, peer_id: CAROL }),
    redemption(6, 'committed', { delivery: 'offered', withdrawn_at: T, token_id: STANDING }),
  ],
  answers: [{ redemption: 1, response: BYTES, receipt: BYTES }],
  free_slots: [{ token_id: TOKEN, slot: 4 }],
  declines: [{ token_id: TOKEN, peer_id: CAROL, reason: 'no', at: T }],
  denials: [{ token_id: STANDING, peer_id: CAROL, reason: null, at: T }],
  pending_requests: [
    request(1),
    request(2, { remote_address: '/ip4/127.0.0.1' }),
    request(3, { approved_at: T + 1 }),
    request(4),
  ],
  sessions: [
    session(1, {
      ended_at: T + 9,
      duration_ms: 8.5,
      steps: '{}',
      reason: 'done',
      protocol: '1.0.0',
    }),
    session(2, { state: 'BUILDING', retries: 2, fence: 7, role: 'foil' }),
    session(3, {
      token_id: null,
      frames_in: 3,
      frames_out: 4,
      bytes_in: 5,
      bytes_out: 6,
      transcript: BYTES,
    }),
    session(14, { token_id: STANDING, tally_id: 'tally-1', ended_at: T + 20 }),
  ],
  journal: [
    { id: 1, session: 1, seq: 1, origin: 'A', target: 'B', event: 'go', at: T, ms: 0.5 },
    { id: 2, session: 1, seq: 2, origin: 'B', target: 'C', event: 'go', at: T + 1, ms: 1e-7 },
    { id: 3, session: 2, seq: 1, origin: 'A', target: 'B', event: 'go', at: T, ms: 3 },
  ],
  attempts: [
    attempt(1, { owner: '7/one', lease_until: T + 5_000, tally_id: 'tally-1' }),
    attempt(2, {
      status: 'held',
      tally_id: 'tally-2',
      consented_terms: '{}',
      consented_required: '[]',
    }),
    attempt(3, { status: 'ended' }),
  ],
  tallies: [
    tally(1, { ...RECEIPT, invitee_signature: BYTES }),
    tally(2, { ...RECEIPT, status: 'held', inviter_signature: BYTES, compared_at: T }),
    tally(3, { status: 'offered', withdrawn_at: T }),
    tally(4),
    tally(15, { engine: 'postgres', created_at: T + 7 }),
  ],
  tally_chunks: [
    { tally_id: 'tally-1', chunk: BYTES },
    { tally_id: 'tally-1', chunk: BYTES.slice(3) },
    { tally_id: 'tally-4', chunk: BYTES.slice(1) },
  ],
  tally_sync: [
    { tally_id: 'tally-1', heads: '["aa"]', partner_heads: '["aa"]', partner_seen_at: T },
    { tally_id: 'tally-2', heads: '["bb"]', ahead: 2, behind: 1, missed_at: T, unsigned: 1 },
    { tally_id: 'tally-4', heads: null, stop: 'duplicate', stopped_at: T },
  ],
  tally_signatures: [
    { tally_id: 'tally-1', change: BYTES, signature: BYTES.slice(1) },
    { tally_id: 'tally-1', change: BYTES.slice(2), signature: BYTES.slice(3) },
  ],
  partner_addresses: [
    { peer_id: BOB, address: '/ip4/192.0.2.1/tcp/1', learnt_at: T, place: 1 },
    { peer_id: BOB, address: '/ip4/192.0.2.2/tcp/1', learnt_at: T, place: 0 },
  ],
  removals: [
    { ...owed(1), tally_id: 'tally-8', redemption_id: 'redemption-8', reason: 'refused' },
    {
      ...owed(2),
      tally_id: 'tally-9',
      redemption_id: 'redemption-9',
      reason: 'late',
      claimed_by: '7/one',
      claimed_until: T + 9_000,
    },
  ],
  notices: [
    { ...owed(1), redemption_id: 'redemption-1', token_id: TOKEN },
    { ...owed(3), redemption_id: 'redemption-5', token_id: REVOKED },
  ],
  lost_uses: [
    {
      lost_by: 'here',
      redemption_id: 'redemption-7',
      token_id: TOKEN,
      peer_id: BOB,
      tally_id: 'tally-7',
      at: T,
    },
    {
      lost_by: 'inviter',
      redemption_id: 'redemption-2',
      token_id: TOKEN,
      peer_id: ALICE,
      tally_id: 'tally-2',
      at: T + 1,
    },
  ],
  denied_peers: [{ peer_id: CAROL, denied_at: T, reason: 'spam' }],
  witnessed: [
    witnessed(3, 'proven'),
    witnessed(5, 'open'),
    witnessed(4, 'forked', { against_size: 5, against_note: 'note 5' }),
  ],
  database_credentials: [
    {
      tally_id: 'tally-15',
      server: 'postgres://h/d',
      endpoint: 'postgres://h/d',
      user: 'foil',
      password: 'one',
      partner_password: 'two',
      made_at: T,
    },
    {
      tally_id: 'tally-16',
      server: null,
      endpoint: 'postgres://h/d',
      user: 'foil',
      password: 'three',
      removed: 1,
      made_at: T - 200 * 86_400_000,
    },
  ],
  audit: [],
} satisfies Readonly<Record<string, readonly SeedRow[]>>

export type SeedTable = keyof typeof SEEDS

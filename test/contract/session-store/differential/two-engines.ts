import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { ReapCursor, ReapPage } from '../../../../src/session/ports/reap.ts'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import type { Work, WorkOutcome } from '../../../../src/session/ports/work.ts'
import type { TokenToIssue } from '../../../../src/store/ledger/tokens.ts'
import type { MemoryStore } from '../../../../src/store/memory/memory-store.ts'
import { lostUseRecords } from '../../../../src/store/records/lost-use-records.ts'
import { noticeRecords } from '../../../../src/store/records/notice-records.ts'
import { pendingRequestRecords } from '../../../../src/store/records/pending-request-records.ts'
import { removalRecords } from '../../../../src/store/records/removal-records.ts'
import { sessionRecords } from '../../../../src/store/records/session-records.ts'
import { tallyChunkRecords } from '../../../../src/store/records/tally-chunk-records.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { openMemoryStore, type Store } from '../../../../src/store/transaction/store.ts'
import { readNow } from '../../../support/store/read-now.ts'
import { LINKS, ownTokens, PEERS, type Pools, TOKENS } from './pools.ts'
import { SIGNERS } from './trail-kinds.ts'

export type Outcome = WorkOutcome | { readonly kind: 'failed' }

/** An engine beside SQLite, and what is done to it beside the port. */
export interface OtherEngine extends SessionStore {
  issueToken(token: TokenToIssue): unknown
  addChunk(tallyId: string, chunk: Uint8Array): unknown
}

/** SQLite and another engine, which are told and asked the same. */
export class TwoEngines {
  readonly sql: Store = openMemoryStore()
  readonly #other: OtherEngine

  constructor(other: OtherEngine) {
    this.#other = other
  }

  async issueTokens(): Promise<void> {
    for (const token of ownTokens()) {
      await this.sql.transact(() => tokenRecords.issue(token))
      await this.#other.issueToken(token)
    }
  }

  async addChunk(tallyId: string, chunk: Uint8Array): Promise<void> {
    await this.sql.transact(() =>
      tallyChunkRecords.add(tallyId, { added: [chunk], isFolded: false }),
    )
    await this.#other.addChunk(tallyId, chunk)
  }

  /** Gives both the same work, and returns the outcome that both must have. */
  async submit(work: Work): Promise<Outcome> {
    return this.#same((store) => outcomeOf(store.submit(work).outcome), work)
  }

  async rehearse(work: Work): Promise<Outcome> {
    return this.#same((store) => outcomeOf(store.rehearse(work)), work)
  }

  /** Asks both everything, and compares the answers. */
  async compare(from: Pools): Promise<void> {
    await Promise.all(questions(from).map(([name, ask]) => this.#same(ask, name)))
  }

  /** Compares everything that is stored and that no lookup tells. */
  compareRows({ rows }: MemoryStore): void {
    const { audit, denials, sessions, witnessed } = this.sql.repositories
    const listed = readNow(this.sql, () => sessionRecords.list({ limit: 1_000 }))
    const ids = rows.sessions.all().map(({ summary }) => summary.id)
    same(
      rows.sessions
        .all()
        .map(({ summary }) => summary)
        .sort(byId),
      [...listed].sort(byId),
      'sessions',
    )
    for (const id of ids) {
      same(rows.journals.get(id)?.entries ?? [], sessions.entries(id), `journal of ${id}`)
    }
    same(rows.audit.all(), [...audit.rows()], 'audit')
    const owed = rows.removals.all().map(({ removal }) => removal)
    same(
      owed.sort(byTally),
      [...readNow(this.sql, () => removalRecords.list(1_000))].sort(byTally),
      'removals',
    )
    same(
      [...rows.notices.all()].sort(byRedemption),
      [...readNow(this.sql, () => noticeRecords.list(1_000))].sort(byRedemption),
      'notices',
    )
    same(
      rows.lostUses.all().length,
      readNow(this.sql, () => lostUseRecords.list(1_000)).length,
      'lost uses',
    )
    for (const { peerId } of SIGNERS) {
      const kept = rows.witnessedOfPeer.rows(peerId)
      same([...kept].sort(bySeen), [...witnessed.ofPeer(peerId)].sort(bySeen), 'checkpoints')
    }
    const asked = rows.requests.all()
    const listedRequests = readNow(this.sql, () => pendingRequestRecords.list(-1, 1_000))
    const stored = listedRequests.map(({ label: _ofItsToken, ...request }) => request)
    same([...asked].sort(byId), stored.sort(byId), 'requests')
    for (const id of TOKENS) {
      for (const peerId of PEERS) {
        const denial = rows.denials.get(`${id} ${peerId}`)
        same(denial && (denial.reason ?? ''), reasonOf(denials.of(id, peerId)), 'denials')
      }
      const found = readNow(this.sql, () => tokenRecords.find(id))
      if (found === undefined) continue
      const reserved = rows.reservedOfToken.count(id)
      const counts = { reserved, used: rows.takenOfToken.count(id) - reserved }
      same(counts, { reserved: found.reserved, used: found.used }, `uses of ${id}`)
      same(rows.tokens.get(id)?.revokedAt, found.revokedAt, `revocation of ${id}`)
    }
  }

  close(): void {
    this.sql.close()
  }

  async #same<Found>(ask: (store: SessionStore) => Promise<Found>, what: unknown): Promise<Found> {
    const [expected, found] = await Promise.all([ask(this.sql), ask(this.#other)])
    same(found, expected, what)
    return expected
  }
}

function reasonOf(denial: { readonly reason?: string } | undefined): string | undefined {
  return denial && (denial.reason ?? '')
}

function same(found: unknown, expected: unknown, what: unknown): void {
  if (isDeepStrictEqual(found, expected)) return
  // Bytes are bytes, whatever class holds them.
  if (isDeepStrictEqual(structuredClone(found), structuredClone(expected))) return
  expect({ what, found }).toEqual({ what, found: expected })
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)
const byTally = (a: { readonly tallyId: string }, b: { readonly tallyId: string }) =>
  a.tallyId < b.tallyId ? -1 : 1
const byRedemption = (
  a: { readonly redemptionId: string },
  b: { readonly redemptionId: string },
) => (a.redemptionId < b.redemptionId ? -1 : 1)
const bySeen = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

async function outcomeOf(outcome: Promise<WorkOutcome>): Promise<Outcome> {
  return outcome.catch((): Outcome => ({ kind: 'failed' }))
}

type Question = readonly [name: string, ask: (store: SessionStore) => Promise<unknown>]

function questions(from: Pools): readonly Question[] {
  const { now } = from
  const tallyIds = ['x0', 'x1', 'x2', 'x3', ...from.recent.map(({ claim }) => claim.tallyId)]
  return [
    ...from.recent.flatMap(ofClaim),
    ...TOKENS.flatMap((tokenId) => ofToken(from, tokenId)),
    ...LINKS.flatMap((link): Question[] => [
      [`latest ${link}`, ({ lookups }) => lookups.attempts.latest(link)],
      [`kept ${link}`, ({ lookups }) => lookups.attempts.kept(link)],
      [`is busy ${link}`, ({ lookups }) => lookups.attempts.isLinkBusy(link, now)],
    ]),
    ...PEERS.map(
      (peerId): Question => [
        `holds ${peerId}`,
        ({ lookups }) => lookups.redemptions.holdsAny(peerId),
      ],
    ),
    ...[...new Set(tallyIds)].flatMap((tallyId): Question[] => [
      [`tally ${tallyId}`, ({ lookups }) => lookups.tallies.find(tallyId)],
      [`claim of ${tallyId}`, ({ lookups }) => lookups.removals.claimOf(tallyId)],
    ]),
    ...lists(now),
    ...pages(now),
  ]
}

type Recent = Pools['recent'][number]

function ofClaim({ claim, tokenId, peerId }: Recent): readonly Question[] {
  const id = claim.redemptionId
  return [
    [`knows ${id}`, ({ lookups }) => lookups.redemptions.knows(id, tokenId, peerId)],
    [`response ${id}`, ({ lookups }) => lookups.redemptions.response(id)],
    [`receipt ${id}`, ({ lookups }) => lookups.redemptions.receipt(id)],
    [`tally of ${id}`, ({ lookups }) => lookups.tallies.ofRedemption(id)],
    [`notice ${id}`, ({ lookups }) => lookups.notices.find(id)],
  ]
}

function ofToken(from: Pools, tokenId: string): readonly Question[] {
  const grant = from.grant(tokenId)
  const [peerId, another] = [from.pick(PEERS), from.chance(0.5)]
  const request = { grant, peerId, another, ...from.maybe({ bootstrapId: `b1 of ${peerId}` }) }
  return [
    [`prospect ${tokenId}`, ({ lookups }) => lookups.redemptions.prospect(request)],
    [`grant ${tokenId}`, ({ lookups }) => lookups.tokens.grantOf(tokenId)],
    ...PEERS.map(
      (each): Question => [
        `declined ${tokenId} ${each}`,
        ({ lookups }) => lookups.tokens.hasDeclined(tokenId, each),
      ],
    ),
  ]
}

function lists(now: number): readonly Question[] {
  return [
    [
      'lapsed',
      async ({ lookups }) => (await lookups.redemptions.lapsed(now, 1_000)).toSorted(bySeen),
    ],
    ['waiting', ({ lookups }) => lookups.requests.countWaiting()],
    ['requests over', ({ lookups }) => lookups.requests.over(now, 1_000)],
    ['has expired', ({ lookups }) => lookups.tokens.hasExpired(now)],
    ['holders', async ({ lookups }) => (await lookups.attempts.holders()).toSorted()],
    ['removals due', ({ lookups }) => lookups.removals.due(now, 3)],
    ['notices due', ({ lookups }) => lookups.notices.due(now, 3)],
    ['listening', ({ lookups }) => lookups.sessions.open('listener', now, 5)],
    ['dialing', ({ lookups }) => lookups.sessions.open('dialer', now, 5)],
    ['left', ({ lookups }) => lookups.sessions.open('dialer', now, 5, ['p1', 'p3'])],
    ['time', ({ lookups }) => lookups.time.highest()],
  ]
}

function pages(now: number): readonly Question[] {
  const kinds = ['offers', 'reservations', 'tokens', 'endedAttempts', 'leases'] as const
  return [
    ...[...kinds, 'owedRemovals' as const].map(
      (kind): Question => [kind, ({ lookups }) => walk((after) => lookups.reaping[kind](after, 2))],
    ),
    ['orphans', ({ lookups }) => walk((after) => lookups.reaping.orphanDocuments(after, 2, now))],
  ]
}

/** Returns the pages of a list. Where the next one begins is each engine's own. */
async function walk(page: (after: ReapCursor | undefined) => Promise<ReapPage>) {
  const pages: unknown[] = []
  let after: ReapCursor | undefined
  do {
    const { things, next } = await page(after)
    pages.push(things)
    after = next
  } while (after !== undefined)
  return pages
}

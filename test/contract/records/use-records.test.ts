import { beforeEach, expect, it } from 'vitest'
import type { SqlValue } from '../../../src/store/query/query.ts'
import { attemptRecords } from '../../../src/store/records/attempt-records.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { pendingRequestRecords } from '../../../src/store/records/pending-request-records.ts'
import { redemptionRecords } from '../../../src/store/records/redemption-records.ts'
import { timeRecords } from '../../../src/store/records/time-records.ts'
import { usageRecords } from '../../../src/store/records/usage-records.ts'
import { addRow } from './add-row.ts'
import { onEachEngine } from './on-each-engine.ts'

const T0 = 1_780_000_000_000
const LATE = T0 + 31_536_000_000

const TOKEN = { id: 't', role: 'stock', uses: 3, issued_at: T0, expires_at: T0 + 9, label: 'bike' }
const FIELDS = { required: '[]', optional: '[]', terms: 'null' }

function redemption(seq: number, more: Readonly<Record<string, SqlValue>>) {
  const who = { token_id: 't', peer_id: 'bob', bootstrap_id: 'b', session_id: 's' }
  const what = { id: `r${seq}`, slot: seq, request_hash: 'h', fence: seq, tally_id: `y${seq}` }
  const when = { approved_at: T0, changed_at: T0 }
  return addRow('redemptions', { seq, ...who, ...what, ...when, ...more })
}

const PARTY = { identity: '{"name":"Bob"}', cadre: '[]' }

function attempt(id: string, more: Readonly<Record<string, SqlValue>>) {
  const about = { bootstrap_id: id, link_hash: 'l', token_id: 't', inviter: 'alice', role: 'foil' }
  return addRow('attempts', { id, ...about, request_hash: 'h', ...PARTY, ...more })
}

function request(id: string, more: Readonly<Record<string, SqlValue>>) {
  const about = { token_id: 't', peer_id: 'bob', bootstrap_id: 'b', redemption_id: `r-${id}` }
  const hashes = { request_hash: 'h', grant_hash: 'g', another: 1, until: T0 + 5 }
  return addRow('pending_requests', { id, ...about, ...hashes, ...PARTY, ...more })
}

onEachEngine('uses', (ask) => {
  beforeEach(() => ask(() => addRow('tokens', { ...TOKEN, ...FIELDS })))

  it('that are not settled are listed, the oldest first', async () => {
    await ask(() => redemption(1, { state: 'reserved', reserved_until: LATE }))
    await ask(() => redemption(2, { state: 'committed', delivery: 'offered' }))
    await ask(() => redemption(3, { state: 'committed', delivery: 'confirmed' }))
    expect(await ask(() => redemptionRecords.unfinished(10))).toEqual([
      { id: 'r1', peerId: 'bob', state: 'reserved', reservedUntil: LATE },
      { id: 'r2', peerId: 'bob', state: 'committed' },
    ])
    expect(await ask(() => redemptionRecords.standing('r1'))).toMatchObject({
      claim: { redemptionId: 'r1', fence: 1, use: 1, tallyId: 'y1', approvedAt: T0 },
      sessionId: 's',
    })
    expect(await ask(() => redemptionRecords.standing('r2'))).toBeUndefined()
  })

  it('that were begun elsewhere are listed until they are confirmed or given up', async () => {
    await ask(() => attempt('later', { status: 'held', created_at: T0 + 1 }))
    await ask(() => attempt('first', { status: 'running', created_at: T0 }))
    await ask(() => attempt('over', { status: 'ended', created_at: T0 }))
    const found = await ask(() => attemptRecords.unfinished(10))
    expect(found.map(({ attemptId }) => attemptId)).toEqual(['first', 'later'])
    expect(found[0]).toMatchObject({ identity: { name: 'Bob' }, sessions: 1 })
  })

  it('that wait for a word are listed in pages, with the labels of their invitations', async () => {
    await ask(() => request('b', { since: T0 }))
    await ask(() => request('a', { since: T0, approved_at: T0 + 1 }))
    await ask(() => request('c', { since: T0 - 1, until: T0 }))
    await ask(() => request('d', { since: T0 + 2, token_id: 'gone' }))
    const page = await ask(() => pendingRequestRecords.list(T0, 2))
    expect(page).toMatchObject([
      { id: 'a', label: 'bike', approvedAt: T0 + 1, another: true },
      { id: 'b', label: 'bike' },
    ])
    const next = await ask(() => pendingRequestRecords.list(T0, 2, page[1]))
    expect(next).toMatchObject([{ id: 'd' }])
    expect(next[0]).not.toHaveProperty('label')
    expect(await ask(() => pendingRequestRecords.countCurrent(T0))).toBe(3)
    expect(await ask(() => pendingRequestRecords.countWaiting())).toBe(3)
    const oldest = await ask(() => pendingRequestRecords.oldestWaiting(2))
    expect(oldest.map(({ id }) => id)).toEqual(['c', 'b'])
    const alike = await ask(() => pendingRequestRecords.startingWith('b'))
    expect(alike.map(({ id }) => id)).toEqual(['b'])
  })

  it('that were held until a wrong time are held no longer than that of now', async () => {
    await ask(() => redemption(1, { state: 'reserved', reserved_until: LATE }))
    await ask(() => metaRecords.set('highest_time', String(LATE)))
    expect(await ask(() => timeRecords.highest())).toBe(LATE)
    await ask(() => timeRecords.reset(T0, T0 + 1_000))
    expect(await ask(() => timeRecords.highest())).toBe(T0)
    expect(await ask(() => redemptionRecords.unfinished(1))).toMatchObject([
      { reservedUntil: T0 + 1_000 },
    ])
  })

  it('are counted with all that is stored', async () => {
    await ask(() => redemption(1, { state: 'reserved', reserved_until: LATE }))
    expect(await ask(() => usageRecords.counts())).toMatchObject({
      tokens: 1,
      parked: 1,
      openSessions: 0,
      auditRecords: 0,
      syncStopped: 0,
    })
  })

  it('keep single facts by name, the last one of each', async () => {
    expect(await ask(() => metaRecords.get('name'))).toBeUndefined()
    await ask(() => metaRecords.set('name', 'first'))
    await ask(() => metaRecords.set('name', 'second'))
    expect(await ask(() => metaRecords.get('name'))).toBe('second')
  })
})

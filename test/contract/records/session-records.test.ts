import { beforeEach, expect, it } from 'vitest'
import type { SqlValue } from '../../../src/store/query/query.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { addRow } from './add-row.ts'
import { onEachEngine } from './on-each-engine.ts'

const T0 = 1_780_000_000_000

function session(seq: number, id: string, more: Readonly<Record<string, SqlValue>> = {}) {
  const base = { side: 'listener', state: 'COMPLETED', peer_id: 'bob', started_at: T0 + seq }
  return addRow('sessions', { seq, id, ...base, ...more })
}

onEachEngine('sessions', (ask) => {
  beforeEach(async () => {
    await ask(() => session(1, 'aa', { token_id: 'token-1', duration_ms: 2.5 }))
    await ask(() => session(2, 'ab', { side: 'dialer' }))
    await ask(() => session(3, 'B%', { state: 'FAILED', peer_id: '12D3carol' }))
  })

  const ids = async (filter: object) => {
    const found = await ask(() => sessionRecords.list({ limit: 10, ...filter }))
    return found.map(({ id }) => id)
  }

  it('are listed newest first, by all that is asked', async () => {
    expect(await ids({})).toEqual(['B%', 'ab', 'aa'])
    expect(await ids({ limit: 1 })).toEqual(['B%'])
    expect(await ids({ side: 'dialer' })).toEqual(['ab'])
    expect(await ids({ state: 'FAILED', since: T0 })).toEqual(['B%'])
    expect(await ids({ tokenId: 'token' })).toEqual(['aa'])
    expect(await ids({ since: T0 + 2 })).toEqual(['B%', 'ab'])
    expect(await ids({ after: 1 })).toEqual(['ab', 'B%'])
    expect(await ids({ before: 3 })).toEqual(['ab', 'aa'])
    expect(await ask(() => sessionRecords.count({ limit: 1, since: T0 + 2 }))).toBe(2)
  })

  it('are found by either end of a peer’s id', async () => {
    expect(await ids({ peerId: '12D3' })).toEqual(['B%'])
    expect(await ids({ peerId: 'carol' })).toEqual(['B%'])
    expect(await ids({ peerId: 'D3ca' })).toEqual([])
    expect(await ids({ peerId: 'a longer one, carol' })).toEqual([])
  })

  it('are found by the beginning of their ids, letter by letter', async () => {
    const alike = async (prefix: string) => {
      const found = await ask(() => sessionRecords.startingWith(prefix))
      return found.map(({ id }) => id)
    }
    expect(await alike('a')).toEqual(['ab', 'aa'])
    expect(await alike('A')).toEqual([])
    expect(await alike('%')).toEqual([])
    expect(await alike('B%')).toEqual(['B%'])
  })

  it('are listed with what their tallies are by now', async () => {
    const draft = { engine: 'automerge', endpoint: 'e', credentials_ref: 'c', draft: '{}' }
    const made = { ...draft, draft_sha256: 'h', created_by: 'stock', redemption_id: 'r' }
    const about = { role: 'stock', partner: 'bob', partner_identity: '{"name":"Bob"}' }
    const tally = { ...about, ...made, status: 'confirmed', created_at: T0 }
    await ask(() => addRow('tallies', { ...tally, tally_id: 'kept' }))
    await ask(() => addRow('tallies', { ...tally, tally_id: 'taken back', withdrawn_at: T0 }))
    await ask(() => session(4, 'with', { tally_id: 'kept' }))
    await ask(() => session(5, 'without', { tally_id: 'taken back' }))
    const page = await ask(() => sessionRecords.page({ limit: 10, after: 2 }))
    expect(page.map(({ seq, tally }) => [seq, tally?.status])).toEqual([
      [3, undefined],
      [4, 'confirmed'],
      [5, 'withdrawn'],
    ])
    expect(page[1]?.tally?.identity).toEqual({ name: 'Bob' })
  })

  it('are as they were stored, with their journals in order', async () => {
    const entry = { session: 1, origin: 'CREATED', target: 'COMPLETED', event: '{}', at: T0 }
    await ask(() => addRow('journal', { ...entry, seq: 2, ms: 0.25 }))
    await ask(() => addRow('journal', { ...entry, seq: 1, ms: 3 }))
    expect(await ask(() => sessionRecords.find('aa'))).toMatchObject({
      id: 'aa',
      tokenId: 'token-1',
      durationMs: 2.5,
      startedAt: T0 + 1,
    })
    expect(await ask(() => sessionRecords.find('nobody'))).toBeUndefined()
    expect(await ask(() => sessionRecords.entries('aa'))).toMatchObject([
      { seq: 1, from: 'CREATED', to: 'COMPLETED', at: T0, ms: 3 },
      { seq: 2, ms: 0.25 },
    ])
    expect(await ask(() => sessionRecords.entries('ab'))).toEqual([])
  })
})

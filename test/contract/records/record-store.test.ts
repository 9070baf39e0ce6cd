import { expect, it } from 'vitest'
import { deniedPeers } from '../../../src/store/peers/denied-peers.ts'
import {
  appendAudit,
  change,
  type Query,
  selectAll,
  selectOne,
} from '../../../src/store/query/query.ts'
import { blob, integer, text } from '../../../src/store/row/row.ts'
import { transitionDraft } from '../../support/audit/drafts.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { onEachEngine } from './on-each-engine.ts'

/** Denies a peer, and tells the audit: a change with a record. */
function* deny(n: number): Query<number> {
  yield* deniedPeers.add({ peerId: `denied-${n}`, deniedAt: n })
  yield* appendAudit(transitionDraft(n))
  return yield* deniedPeers.count()
}

/** Adds one to the number that is kept under a name: lost or doubled if two read the same. */
function* countUp(): Query<number> {
  const row = yield* selectOne('SELECT value FROM meta WHERE name = ?1', 'count')
  const next = Number(row?.['value'] ?? 0) + 1
  const sql = `INSERT INTO meta (name, value) VALUES (?1, ?2)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`
  yield* change(sql, 'count', String(next))
  return next
}

function* chain(): Query<Parameters<typeof verifyRows>[0]> {
  const rows = yield* selectAll('SELECT seq, record, hash FROM audit ORDER BY seq')
  return rows.map((row) => ({
    seq: integer(row, 'seq'),
    text: text(row, 'record'),
    hash: blob(row, 'hash'),
  }))
}

onEachEngine('a piece of work', (ask) => {
  it('sees its own changes, and keeps all of them with their records', async () => {
    expect(await ask(() => deny(1))).toBe(1)
    expect(await ask(() => deny(2))).toBe(2)
    expect(verifyRows(await ask(chain))).toMatchObject({ ok: true, records: 2 })
  })

  it('finds the records that it has appended', async () => {
    const found = await ask(function* () {
      yield* appendAudit(transitionDraft(1))
      const before = yield* chain()
      yield* appendAudit(transitionDraft(2))
      return [[...before].length, [...(yield* chain())].length]
    })
    expect(found).toEqual([1, 2])
  })

  it('that throws keeps nothing, and the next one goes on', async () => {
    const refused = ask(function* () {
      yield* deny(1)
      throw new RangeError('refused')
    })
    await expect(refused).rejects.toThrow(RangeError)
    expect(await ask(() => deniedPeers.count())).toBe(0)
    expect(await ask(() => deny(2))).toBe(1)
    expect(verifyRows(await ask(chain))).toMatchObject({ ok: true, records: 1 })
  })

  it('is alone: of forty at once none is lost or doubled', async () => {
    const numbers = await Promise.all(Array.from({ length: 40 }, () => ask(countUp)))
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
  })

  it('is told how many rows it has changed', async () => {
    await ask(() => deny(1))
    await ask(() => deny(2))
    const all = 'UPDATE denied_peers SET reason = ?1 WHERE denied_at >= ?2'
    expect(await ask(() => change(all, 'spam', 1))).toBe(2)
    expect(await ask(() => change(all, 'spam', 3))).toBe(0)
  })

  it('gets back each value as it was given', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, n) => n)
    const insert = `INSERT INTO sessions (id, side, state, peer_id, started_at, duration_ms, transcript, detail)
      VALUES (?1, 'listener', 'x', ?2, ?3, ?4, ?5, ?6)`
    const given = ['a?1', 'ä ‘quoted’ \\ "x"', Number.MAX_SAFE_INTEGER, 0.1, bytes, null] as const
    await ask(() => change(insert, ...given))
    const row = await ask(() =>
      selectOne(`SELECT id, peer_id, started_at, duration_ms, transcript, detail,
        started_at / 2 AS half, count(*) OVER () AS count, '?1' AS mark FROM sessions`),
    )
    expect({ ...row, transcript: [...blob(row ?? {}, 'transcript')] }).toEqual({
      id: given[0],
      peer_id: given[1],
      started_at: given[2],
      duration_ms: given[3],
      transcript: [...bytes],
      detail: null,
      half: (given[2] - 1) / 2,
      count: 1,
      mark: '?1',
    })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deniedPeers } from '../../../../src/store/peers/denied-peers.ts'
import type { StoreDatabase } from '../../../../src/store/postgres/open-store-database.ts'
import { appendAudit, change, type Query, selectOne } from '../../../../src/store/query/query.ts'
import { integer } from '../../../../src/store/row/row.ts'
import { transitionDraft } from '../../../support/audit/drafts.ts'
import { verifyRows } from '../../../support/audit/verify-rows.ts'
import { type Cut, cutLink } from '../../../support/postgres/cut-link.ts'
import {
  type EmbeddedPostgres,
  sharedPostgres,
} from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'

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
  yield* change(
    `INSERT INTO meta (name, value) VALUES (?1, ?2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    'count',
    String(next),
  )
  return next
}

describe.skipIf(!canRunPostgres())('queries on PostgreSQL', () => {
  let server: EmbeddedPostgres
  let schema: StoreSchema
  let store: StoreDatabase

  beforeEach(async () => {
    server = await sharedPostgres()
    schema = storeSchema(server)
    store = await schema.open()
  })
  afterEach(() => schema.dispose())

  const count = () => store.records.query(() => deniedPeers.count())

  /** The records of a node, in their order. */
  async function chain(node: number) {
    const rows = await schema.query<{ seq: string; text: string; hash: Buffer }>(
      `SELECT seq, record AS text, hash FROM audit_records WHERE node = ${node} ORDER BY seq`,
    )
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }))
  }

  it('that change something are alone: of forty at once by two nodes none is lost or doubled', async () => {
    const other = await schema.open('peer-2')
    const done = Array.from({ length: 40 }, (_, n) =>
      (n % 2 === 0 ? store : other).records.transact(countUp),
    )
    const numbers = await Promise.all(done)
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
  })

  it('of two processes of one node make one chain', async () => {
    const other = await schema.open()
    expect(other.own.node).toBe(store.own.node)
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? store : other).records.transact(() => deny(n)),
      ),
    )
    const rows = await chain(store.own.node)
    expect(rows).toHaveLength(20)
    expect(verifyRows(rows)).toMatchObject({ ok: true })
  })

  it('see the audit of their own node only', async () => {
    const other = await schema.open('peer-2')
    await store.records.transact(() => deny(1))
    await other.records.transact(() => deny(2))
    await other.records.transact(() => deny(3))
    function* records(): Query<number> {
      return integer((yield* selectOne('SELECT count(*) AS count FROM audit')) ?? {}, 'count')
    }
    expect(await store.records.query(records)).toBe(1)
    expect(await other.records.query(records)).toBe(2)
  })

  it('that only ask see one moment, and change nothing', async () => {
    await store.records.transact(() => deny(1))
    const asked = store.records.query(function* () {
      const before = yield* deniedPeers.count()
      yield* selectOne('SELECT pg_sleep(0.2) IS NULL AS slept')
      return [before, yield* deniedPeers.count()]
    })
    await store.records.transact(() => deny(2))
    const [before, after] = await asked
    expect(after).toBe(before)
    const changing = store.records.query(() => deny(3))
    await expect(changing).rejects.toThrow(TypeError)
    expect(await count()).toBe(2)
  })

  it('that fail in the server are errors of the store', async () => {
    const unknown = store.records.query(() => selectOne('SELECT * FROM missing'))
    await expect(unknown).rejects.toMatchObject({ code: 'store_damaged' })
    const twice = store.records.transact(function* () {
      yield* change(`INSERT INTO meta VALUES ('a', 'b'), ('a', 'b')`)
    })
    await expect(twice).rejects.toMatchObject({ code: 'store' })
    expect(await count()).toBe(0)
  })

  it('notice that the server has lost what it had committed, and write nothing on top', async () => {
    await store.records.transact(() => deny(1))
    const [former] = await schema.query<{ head_hash: Buffer }>('SELECT head_hash FROM nodes')
    await store.records.transact(() => deny(2))
    await schema.query(`
      DELETE FROM audit_records WHERE seq = 2;
      UPDATE nodes SET head_seq = 1, head_hash = '\\x${former?.head_hash.toString('hex')}'`)
    await expect(store.records.transact(() => deny(3))).rejects.toMatchObject({
      code: 'store_history_lost',
      seq: 2,
    })
    expect(await chain(store.own.node)).toHaveLength(1)
  })

  it.each<[Cut]>([['before'], ['under way'], ['answered']])(
    'whose COMMIT is cut off %s are done once, and say so',
    async (when) => {
      const link = await cutLink(server.port)
      const over = storeSchema(server, link.port)
      try {
        const cutOff = await over.open()
        for (let n = 1; n <= 5; n += 1) {
          link.cut(when)
          expect(await cutOff.records.transact(countUp)).toBe(n)
        }
        expect(link.cuts).toBe(5)
        expect(await over.query(`SELECT value FROM meta WHERE name = 'count'`)).toEqual([
          { value: '5' },
        ])
        expect(await over.query('SELECT count(*) FROM commit_marks')).toEqual([{ count: '1' }])
      } finally {
        await over.dispose()
        await link.close()
      }
    },
  )

  it('fail at once while the server is away, and go on when it is back', async () => {
    await store.records.transact(() => deny(1))
    await server.crash()
    await expect(count()).rejects.toMatchObject({ code: 'store_unreachable' })
    const denied = store.records.transact(() => deny(2))
    await expect(denied).rejects.toMatchObject({ code: 'store_unreachable' })
    await server.start()
    expect(await store.records.transact(() => deny(3))).toBe(2)
    expect(verifyRows(await chain(store.own.node))).toMatchObject({ ok: true })
  })
})

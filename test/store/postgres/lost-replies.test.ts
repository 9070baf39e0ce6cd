import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answered, recorded } from '../../../src/session/ports/written.ts'
import { NodeHead } from '../../../src/store/postgres/node/node-head.ts'
import { takeNode } from '../../../src/store/postgres/node/nodes.ts'
import type { StoreDatabase } from '../../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../../src/store/postgres/postgres-session-store.ts'
import { toReserve } from '../../contract/session-store/store-driver.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { type Cut, type CutLink, cutLink } from '../../support/postgres/cut-link.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../support/postgres/store-database.ts'
import { engineOnDatabase } from '../../support/store/postgres-engine.ts'
import { auditDraft, grantOf, requestOf, tokenToIssue } from '../fixtures.ts'

const CUTS: readonly Cut[] = ['before', 'under way', 'answered']

const PEERS = 12

describe.skipIf(!canRunPostgres())('a store behind a link', () => {
  let link: CutLink
  let schema: StoreSchema
  let database: StoreDatabase
  let store: PostgresSessionStore
  beforeEach(async () => {
    const server = await sharedPostgres()
    link = await cutLink(server.port)
    schema = storeSchema(server, link.port)
    database = await schema.open()
    store = new PostgresSessionStore(database)
  })
  afterEach(async () => {
    await schema.dispose()
    await link.close()
  })

  for (const when of CUTS) {
    it(`that is cut at commits (${when}) has each work once`, async () => {
      const { addToken, inspect } = engineOnDatabase(database, () => undefined)
      await addToken(tokenToIssue('ten', 10))
      const uses: number[] = []
      for (let peer = 0; peer < PEERS; peer += 1) {
        if (peer % 2 === 0) link.cut(when)
        const request = requestOf(grantOf('ten', 10), `peer-${peer}`)
        const said = await answered(store, 'reserve', toReserve(request))
        if (said.kind === 'reserved') uses.push(said.claim.use)
      }
      expect(link.cuts).toBe(PEERS / 2)
      expect(uses).toEqual(Array.from({ length: 10 }, (_, use) => use + 1))
      const audit = await inspect.audit()
      expect(verifyRows(audit)).toMatchObject({ ok: true, records: 10 })
    })
  }

  it('that is away rejects what is submitted, and goes on when it is back', async () => {
    await recorded(store, auditDraft('s', 'before'))
    const server = await sharedPostgres()
    await schema.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'taleus' AND pid <> pg_backend_pid()`,
    )
    await recorded(store, auditDraft('s', 'after'))
    const gone = new PostgresSessionStore(database)
    await link.close()
    await expect(recorded(gone, auditDraft('s', 'never'))).rejects.toMatchObject({
      code: 'store_unreachable',
    })
    link = await cutLink(server.port)
    const { inspect } = engineOnDatabase(await schemaAgain(server).open(), () => undefined)
    expect(await inspect.audit()).toHaveLength(2)
  })

  it('is written by one process at a time for each node', async () => {
    const { pool, place, own } = database
    const client = await pool.connected()
    const claim = { node: own.node, leaseMs: 60_000 }
    const former = await takeNode(client, place, claim)
    const next = await takeNode(client, place, { ...claim, former: former?.epoch })
    client.release()
    if (former === undefined || next === undefined) throw new Error('it is not taken')
    const engines = [former, next].map(
      (each) =>
        new PostgresSessionStore({ pool, place, own: each, head: new NodeHead(place, each) }),
    )
    const [paused, current] = engines as [PostgresSessionStore, PostgresSessionStore]
    await expect(recorded(paused, auditDraft('s', 'late'))).rejects.toMatchObject({
      code: 'node_superseded',
    })
    await recorded(current, auditDraft('s', 'now'))
    const { inspect } = engineOnDatabase(database, () => undefined)
    expect(await inspect.audit()).toHaveLength(1)
  })

  it('whose server has lost what it had committed is written no more', async () => {
    await recorded(store, auditDraft('s', 'kept'))
    await recorded(store, auditDraft('s', 'lost'))
    await schema.query(`
      DELETE FROM audit_records WHERE seq = 2;
      UPDATE nodes SET head_seq = 1, head_hash = (SELECT hash FROM audit_records WHERE seq = 1)`)
    const lost = { code: 'store_history_lost' }
    await expect(recorded(store, auditDraft('s', 'next'))).rejects.toMatchObject(lost)
    await expect(recorded(store, auditDraft('s', 'again'))).rejects.toMatchObject(lost)
    expect(await schema.query('SELECT 1 FROM audit_records')).toHaveLength(1)
  })

  function schemaAgain(server: Awaited<ReturnType<typeof sharedPostgres>>): StoreSchema {
    return storeSchema(server, link.port, schema.schema)
  }
})

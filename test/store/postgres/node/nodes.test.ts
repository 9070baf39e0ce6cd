import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commit } from '../../../../src/store/postgres/connection/server-pool.ts'
import { joinStore } from '../../../../src/store/postgres/node/join-store.ts'
import { NodeHead } from '../../../../src/store/postgres/node/node-head.ts'
import { holdNode, takeNode } from '../../../../src/store/postgres/node/nodes.ts'
import { beginning } from '../../../../src/store/postgres/node/store-transaction.ts'
import type { StoreDatabase } from '../../../../src/store/postgres/open-store-database.ts'
import { PostgresQueries } from '../../../../src/store/postgres/records/postgres-queries.ts'
import { appendAudit } from '../../../../src/store/query/query.ts'
import { transitionDraft } from '../../../support/audit/drafts.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'

/** An hour, ms: as long as a test. */
const LONG = 3_600_000

describe.skipIf(!canRunPostgres())('a node', () => {
  let schema: StoreSchema
  let store: StoreDatabase

  beforeEach(async () => {
    schema = storeSchema(await sharedPostgres())
    store = await schema.open()
  })
  afterEach(() => schema.dispose())

  async function asNode<Result>(
    work: (client: Parameters<typeof joinStore>[0]) => Promise<Result>,
  ): Promise<Result> {
    const client = await store.pool.connected()
    try {
      return await work(client)
    } finally {
      client.release(true)
    }
  }

  const take = (former: number | undefined, leaseMs = LONG) =>
    asNode((client) => takeNode(client, store.place, { node: store.own.node, leaseMs, former }))

  const append = ({ place, pool }: StoreDatabase, own: { node: number; epoch: number }) => {
    const head = new NodeHead(place, own)
    return new PostgresQueries({ pool, place, own, head }).transact(() =>
      appendAudit(transitionDraft(1)),
    )
  }

  it('is the same one whenever its key joins', async () => {
    const join = (peerId: string) =>
      asNode((client) => joinStore(client, store.place, { party: 'party', peerId }))
    const again = await join('peer-1')
    expect(again).toEqual({ node: store.own.node, storeId: store.storeId })
    expect((await join('peer-2')).node).not.toBe(again.node)
  })

  it('that is held is not taken by another, and is when its lease is over or its own next process asks', async () => {
    expect(await take(undefined)).toMatchObject({ epoch: 1 })
    expect(await take(undefined)).toBeUndefined()
    expect(await take(0)).toBeUndefined()
    expect(await take(1, 0)).toMatchObject({ epoch: 2 })
    expect(await take(undefined)).toMatchObject({ epoch: 3 })
  })

  it('writes nothing any more once it was taken over', async () => {
    const first = await take(undefined, 0)
    const second = await take(undefined)
    if (first === undefined || second === undefined) throw new Error('not taken')
    await append(store, second)
    await expect(append(store, first)).rejects.toMatchObject({ code: 'node_superseded' })
    const held = asNode((client) => holdNode(client, store.place, first, LONG))
    await expect(held).rejects.toMatchObject({ code: 'node_superseded' })
    await asNode((client) => holdNode(client, store.place, second, LONG))
  })

  it('in the middle of a batch ends it before a change that waits for it', async () => {
    const { node } = store.own
    const batch = await store.pool.connected()
    await batch.query(beginning(store.place, { node }, 'write'))
    await batch.query('SELECT 1 FROM nodes WHERE node = $1 FOR UPDATE', [node])
    const changed = store.records.transact(() => appendAudit(transitionDraft(1)))
    const waits = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'nodes'::regclass`
    while ((await schema.query(waits)).length === 0) await pause(20)
    // The lock that this takes conflicts with the one that is waited for.
    await batch.query('UPDATE nodes SET lease_until = 7 WHERE node = $1', [node])
    await commit(batch)
    batch.release()
    await changed
    expect(await schema.query('SELECT lease_until, head_seq FROM nodes')).toEqual([
      { lease_until: '7', head_seq: '1' },
    ])
  })

  it('that was retired can’t be taken, and writes nothing', async () => {
    await schema.query('UPDATE nodes SET retired_at = 1')
    await expect(take(0)).rejects.toMatchObject({ code: 'node_superseded' })
    const written = store.records.transact(() => appendAudit(transitionDraft(1)))
    await expect(written).rejects.toMatchObject({ code: 'node_superseded' })
  })
})

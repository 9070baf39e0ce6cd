import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recorded } from '../../../../src/session/ports/written.ts'
import { NodeMemory } from '../../../../src/store/directory/node-memory.ts'
import type { LeaseWatcher, NodeLease } from '../../../../src/store/postgres/node/node-lease.ts'
import { takeNode } from '../../../../src/store/postgres/node/nodes.ts'
import { PostgresSessionStore } from '../../../../src/store/postgres/postgres-session-store.ts'
import { type CutLink, cutLink } from '../../../support/postgres/cut-link.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'
import { auditDraft } from '../../fixtures.ts'

/** Longer than any test. */
const LONG_MS = 600_000

/** As short as a setting may be. */
const SHORT_MS = 1_000

/** A watcher that notes what it is told. */
function noting(told: string[]): LeaseWatcher {
  return {
    away: () => told.push('away'),
    back: () => told.push('back'),
    lost: () => told.push('lost'),
    tookOver: (peerId) => told.push(`took over ${peerId}`),
    leftBehind: async () => void told.push('left'),
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(20)
}

describe.skipIf(!canRunPostgres())('a lease on a node', () => {
  let link: CutLink
  let schema: StoreSchema
  let places: string[]
  let leases: NodeLease[]
  beforeEach(async () => {
    const server = await sharedPostgres()
    link = await cutLink(server.port)
    schema = storeSchema(server, link.port)
    places = []
    leases = []
  })
  afterEach(async () => {
    await Promise.all(leases.map((each) => each.giveBack()))
    await schema.dispose()
    await link.close()
    for (const each of places) rmSync(each, { recursive: true })
  })

  function directory(): string {
    const path = mkdtempSync(join(tmpdir(), 'taleus-node-'))
    places.push(path)
    return path
  }

  async function process(peerId: string, leaseMs: number, path = directory()) {
    const database = await schema.open(peerId)
    const lease = database.lease({ leaseMs, memory: new NodeMemory({ path }) })
    leases.push(lease)
    return { database, lease, store: new PostgresSessionStore(database) }
  }

  /** A process that takes its node, and never renews the lease. */
  async function dying(peerId: string) {
    const { database, store } = await process(peerId, SHORT_MS)
    const client = await database.pool.connected()
    const claim = { node: database.own.node, leaseMs: SHORT_MS }
    const taken = await takeNode(client, database.place, claim)
    client.release()
    if (taken === undefined) throw new Error('it is held')
    database.own.taken(taken)
    return store
  }

  it('keeps another process of the same key out until it is over', async () => {
    const first = await dying('peer-1')
    await recorded(first, auditDraft('s', 'first'))
    const second = await process('peer-1', LONG_MS)
    await second.lease.take()
    await recorded(second.store, auditDraft('s', 'second'))
    await expect(recorded(first, auditDraft('s', 'late'))).rejects.toMatchObject({
      code: 'node_superseded',
    })
    const third = await process('peer-1', SHORT_MS)
    await expect(third.lease.take()).rejects.toMatchObject({ code: 'node_held' })
  })

  it('is taken at once by the next process of its directory, and by anybody once it was given back', async () => {
    const path = directory()
    await (await process('peer-1', LONG_MS, path)).lease.take()
    const next = await process('peer-1', LONG_MS, path)
    await next.lease.take()
    await next.lease.giveBack()
    await (await process('peer-1', LONG_MS)).lease.take()
  })

  it('that is not renewed is taken over by another node, which says so in its audit', async () => {
    const dead = await dying('peer-1')
    await recorded(dead, auditDraft('s', 'before'))
    const told: string[] = []
    const other = await process('peer-2', SHORT_MS)
    await other.lease.take()
    other.lease.watch(noting(told))
    await until(() => told.length > 0)
    expect(told).toEqual(['took over peer-1', 'left'])
    await expect(recorded(dead, auditDraft('s', 'after'))).rejects.toMatchObject({
      code: 'node_superseded',
    })
    const records = await schema.query<{ record: string }>(
      `SELECT record FROM audit_records WHERE record LIKE '%node.taken_over%'`,
    )
    expect(records.map(({ record }) => JSON.parse(record).data)).toEqual([
      { event: 'node.taken_over', node: 'peer-1' },
    ])
  })

  it('that was lost is noticed by who had it, though nothing is written, and nobody watched yet', async () => {
    const [one, told] = [await process('peer-1', SHORT_MS), [] as string[]]
    await one.lease.take()
    await schema.query('UPDATE nodes SET epoch = epoch + 1')
    await pause(SHORT_MS)
    one.lease.watch(noting(told))
    await until(() => told.length > 0)
    expect(told).toEqual(['lost'])
  })

  it('that can’t be renewed for a while says so, and goes on when the server is back', async () => {
    const [one, told] = [await process('peer-1', SHORT_MS), [] as string[]]
    await one.lease.take()
    one.lease.watch(noting(told))
    link.refuse(true)
    await until(() => told.length > 0)
    expect(told).toEqual(['away'])
    link.refuse(false)
    await until(() => told.length > 1)
    expect(told).toEqual(['away', 'back'])
    await recorded(one.store, auditDraft('s', 'again'))
  })

  it('is not taken by a process whose server has lost what its former one had committed', async () => {
    const path = directory()
    const former = await process('peer-1', LONG_MS, path)
    await former.lease.take()
    for (const each of ['kept', 'lost']) await recorded(former.store, auditDraft('s', each))
    await former.lease.giveBack()
    await schema.query(`
      DELETE FROM audit_records WHERE seq = 2;
      UPDATE nodes SET head_seq = 1, head_hash = (SELECT hash FROM audit_records WHERE seq = 1)`)
    const next = await process('peer-1', LONG_MS, path)
    await expect(next.lease.take()).rejects.toMatchObject({ code: 'store_history_lost', seq: 2 })
  })
})

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { parsePostgresUrl } from '../../../src/protocol/database/postgres-url.ts'
import { answered } from '../../../src/session/ports/written.ts'
import {
  openStoreDatabase,
  type StoreDatabase,
} from '../../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../../src/store/postgres/postgres-session-store.ts'
import { toCommit, toReserve } from '../../contract/session-store/store-driver.ts'
import { claimOf, grantOf, requestOf, tokenToIssue } from '../../store/fixtures.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import {
  canRunPatroni,
  PatroniCluster,
  type Replication,
} from '../../support/postgres/patroni-cluster.ts'
import { engineOnDatabase } from '../../support/store/postgres-engine.ts'

const NODES = 2
/** Invitees at a time at each node. */
const WORKERS = 8
/** A failover takes about 20 s here; nobody waits longer, ms. */
const PATIENCE_MS = 90_000
/** Before standbys fall behind, while they do, and after somebody leads again, ms. */
const CALM_MS = 2_000
const LAG_MS = 1_500

/** One of the party's nodes, and what its invitees were told. */
class LoadedNode {
  /** Uses that were told to be committed. */
  readonly acknowledged: string[] = []
  /** Codes of what failed. */
  readonly failures = new Map<string, number>()
  readonly database: StoreDatabase
  readonly #store: PostgresSessionStore
  readonly #name: string
  #guests = 0

  constructor(name: string, database: StoreDatabase) {
    this.#name = name
    this.database = database
    this.#store = new PostgresSessionStore(database)
  }

  /** Serves one invitee after the other until told. */
  async serve(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      this.#guests += 1
      try {
        await this.#bootstrap(`${this.#name}-guest-${this.#guests}`)
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
        this.failures.set(code, (this.failures.get(code) ?? 0) + 1)
        await sleep(100)
      }
    }
  }

  async #bootstrap(peer: string): Promise<void> {
    const request = requestOf(grantOf('standing', null), peer)
    const claim = claimOf(await answered(this.#store, 'reserve', toReserve(request)))
    const { outcome, durable } = this.#store.submit([toCommit(claim)])
    const known = await outcome
    await durable
    if (known.kind === 'applied') this.acknowledged.push(claim.redemptionId)
  }
}

async function opened(cluster: PatroniCluster): Promise<readonly LoadedNode[]> {
  const address = parsePostgresUrl(cluster.url)
  const names = Array.from({ length: NODES }, (_, index) => `node-${index + 1}`)
  const nodes: LoadedNode[] = []
  for (const peerId of names) {
    const password = () => cluster.password
    nodes.push(
      new LoadedNode(
        peerId,
        await openStoreDatabase({ address, password, peerId, party: 'party' }),
      ),
    )
  }
  return nodes
}

async function committedIn(cluster: PatroniCluster): Promise<readonly string[]> {
  const { host, port, user, database } = parsePostgresUrl(cluster.url)
  const client = new pg.Client({ host, port, user, database, password: cluster.password })
  await client.connect()
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM taleus.redemptions WHERE state = 'committed'`,
  )
  await client.end()
  return rows.map(({ id }) => id)
}

/** Loads both nodes, has standbys fall behind, kills the leader, and goes on until `isBack`. */
async function failOver(
  cluster: PatroniCluster,
  nodes: readonly LoadedNode[],
  isBack: () => boolean,
): Promise<void> {
  const { addToken } = engineOnDatabase(nodes[0]?.database as StoreDatabase, () => undefined)
  await addToken(tokenToIssue('standing', null))
  let isOver = false
  const serving = nodes.flatMap((node) =>
    Array.from({ length: WORKERS }, () => node.serve(() => isOver)),
  )
  await sleep(CALM_MS)
  await cluster.lag()
  await sleep(LAG_MS)
  await cluster.killLeader()
  const since = performance.now()
  while (!isBack() && performance.now() - since < PATIENCE_MS) await sleep(200)
  console.info(`the nodes have an answer ${Math.round(performance.now() - since)} ms after`)
  await sleep(CALM_MS)
  isOver = true
  await Promise.all(serving)
}

async function during(mode: Replication, work: (cluster: PatroniCluster) => Promise<void>) {
  const cluster = await PatroniCluster.start(mode)
  try {
    await work(cluster)
  } finally {
    await cluster.dispose()
  }
}

describe.skipIf(!canRunPatroni())('a failover under load', () => {
  it('loses nothing that was acknowledged where a standby has to have it first', () =>
    during('synchronous', async (cluster) => {
      const nodes = await opened(cluster)
      let before: readonly number[] = []
      const isBack = () => {
        const counts = nodes.map(({ acknowledged }) => acknowledged.length)
        if (before.length === 0) before = counts
        return counts.every((count, index) => count > (before[index] ?? 0) + WORKERS)
      }
      await failOver(cluster, nodes, isBack)
      const acknowledged = nodes.flatMap((node) => node.acknowledged)
      const committed = await committedIn(cluster)
      console.info(`acknowledged ${acknowledged.length}, committed ${committed.length}`)
      expect(isBack()).toBe(true)
      expect(acknowledged.filter((id) => !committed.includes(id))).toEqual([])
      expect(new Set(acknowledged).size).toBe(acknowledged.length)
      for (const { database, failures } of nodes) {
        expect([...failures.keys()]).not.toContain('store_history_lost')
        const rows = await engineOnDatabase(database, () => undefined).inspect.audit()
        expect(verifyRows(rows)).toMatchObject({ ok: true, records: rows.length })
        await database.close()
      }
    }))

  it('is noticed by each node that it took acknowledged commits from where none has to', () =>
    during('asynchronous', async (cluster) => {
      const nodes = await opened(cluster)
      const isAlarmed = ({ failures }: LoadedNode) => failures.has('store_history_lost')
      await failOver(cluster, nodes, () => nodes.every(isAlarmed))
      const committed = await committedIn(cluster)
      for (const node of nodes) {
        const lost = node.acknowledged.filter((id) => !committed.includes(id))
        console.info(`acknowledged ${node.acknowledged.length}, lost ${lost.length}`)
        expect(lost.length).toBeGreaterThan(0)
        expect(isAlarmed(node)).toBe(true)
        await node.database.close()
      }
    }))
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { ReserveOutcome } from '../../../src/session/ports/uses/reservation.ts'
import { answered } from '../../../src/session/ports/written.ts'
import type { StoreDatabase } from '../../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../../src/store/postgres/postgres-session-store.ts'
import { selectAll } from '../../../src/store/query/query.ts'
import { integer } from '../../../src/store/row/row.ts'
import { toCommit, toReserve } from '../../contract/session-store/store-driver.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../support/postgres/store-database.ts'
import { engineOnDatabase } from '../../support/store/postgres-engine.ts'
import { grantOf, requestOf, tokenToIssue } from '../fixtures.ts'

const RACERS = 32
const TOKENS = 40

/** A node's engine, and another one's. */
interface Node {
  readonly database: StoreDatabase
  readonly store: SessionStore
}

describe.skipIf(!canRunPostgres())('several nodes on one store', () => {
  let schema: StoreSchema
  let nodes: readonly Node[]
  beforeEach(async () => {
    schema = storeSchema(await sharedPostgres())
    nodes = []
    for (const peerId of ['node-1', 'node-2', 'node-3']) {
      const database = await schema.open(peerId)
      nodes = [...nodes, { database, store: new PostgresSessionStore(database) }]
    }
  })
  afterEach(() => schema.dispose())

  /** Issues tokens by the first node. */
  async function issue(uses: number | null, count: number): Promise<readonly string[]> {
    const ids = Array.from({ length: count }, (_, each) => `token-${uses}-${each}`)
    const { addToken } = engineOnDatabase(nodes[0]?.database as StoreDatabase, () => undefined)
    for (const id of ids) await addToken(tokenToIssue(id, uses))
    return ids
  }

  /** Has peers reserve a use of each token, each at one of the nodes. */
  async function race(
    ids: readonly string[],
    uses: number | null,
  ): Promise<readonly (readonly ReserveOutcome[])[]> {
    const outcomes = ids.map((id) =>
      Promise.all(
        Array.from({ length: RACERS }, (_, racer) => {
          const { store } = nodes[racer % nodes.length] as Node
          const write = toReserve(requestOf(grantOf(id, uses), `peer-${racer}`))
          return answered(store, 'reserve', write)
        }),
      ),
    )
    return Promise.all(outcomes)
  }

  function given(outcomes: readonly ReserveOutcome[]): readonly number[] {
    return outcomes
      .flatMap((each) => (each.kind === 'reserved' ? [each.claim.use] : []))
      .sort((a, b) => a - b)
  }

  it('give each one-time token to exactly one of many', async () => {
    const outcomes = await race(await issue(1, TOKENS), 1)
    expect(outcomes.map(given)).toEqual(Array.from({ length: TOKENS }, () => [1]))
  })

  it('give a token as often as it has uses, and turn away nobody before', async () => {
    const outcomes = await race(await issue(10, 8), 10)
    const all = Array.from({ length: 10 }, (_, use) => use + 1)
    expect(outcomes.map(given)).toEqual(outcomes.map(() => all))
  })

  it('give a standing invitation to all, each use under a number of its own', async () => {
    const outcomes = await race(await issue(null, 3), null)
    const all = Array.from({ length: RACERS }, (_, use) => use + 1)
    expect(outcomes.map(given)).toEqual(outcomes.map(() => all))
  })

  it('give one peer that comes to all of them at once one use, and one fence counts', async () => {
    const [id = ''] = await issue(null, 1)
    const grant = grantOf(id, null)
    const said = await Promise.all(
      Array.from({ length: 12 }, (_, each) => {
        const { store } = nodes[each % nodes.length] as Node
        return answered(store, 'reserve', toReserve(requestOf(grant, 'bob')))
      }),
    )
    const claims = said.flatMap((each) => ('claim' in each ? [each.claim] : []))
    expect(new Set(claims.map(({ redemptionId }) => redemptionId)).size).toBe(1)
    expect(new Set(claims.map(({ fence }) => fence)).size).toBe(12)
    const ends = await Promise.all(
      claims.map(async (claim, each) => {
        const { outcome } = (nodes[each % nodes.length] as Node).store.submit([toCommit(claim)])
        return [(await outcome).kind, claim.fence] as const
      }),
    )
    const applied = ends.filter(([kind]) => kind === 'applied')
    expect(applied).toEqual([['applied', Math.max(...claims.map(({ fence }) => fence))]])
  })

  it('have an audit each, whose chain is whole', async () => {
    await race(await issue(null, 2), null)
    const counts: number[] = []
    for (const { database } of nodes) {
      const { inspect } = engineOnDatabase(database, () => undefined)
      const rows = await inspect.audit()
      expect(verifyRows(rows)).toMatchObject({ ok: true, records: rows.length })
      counts.push(rows.length)
    }
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(2 * RACERS)
    const [first] = nodes
    const all = await first?.database.records.query(() =>
      selectAll('SELECT count(*) AS records FROM audit_records'),
    )
    expect(all?.map((row) => integer(row, 'records'))).toEqual([2 * RACERS])
  })
})

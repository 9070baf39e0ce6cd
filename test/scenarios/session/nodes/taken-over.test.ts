import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import { recoverSessions } from '../../../../src/session/recovery/recover-sessions.ts'
import { takeNode } from '../../../../src/store/postgres/node/nodes.ts'
import { takeOver } from '../../../../src/store/postgres/node/take-over.ts'
import type { StoreDatabase } from '../../../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../../../src/store/postgres/postgres-session-store.ts'
import { verifyRows } from '../../../support/audit/verify-rows.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'
import { type TestNode, World } from '../../../support/session/world.ts'
import { engineOnDatabase } from '../../../support/store/postgres-engine.ts'

/** A node's part of the store, taken with a lease that is over at once, or lasts longer than any test. */
interface Held {
  readonly database: StoreDatabase
  readonly store: SessionStore
  readonly epoch: number
}

describe.skipIf(!canRunPostgres())('a node that is gone in the middle of a session', () => {
  let schema: StoreSchema
  beforeEach(async () => {
    schema = storeSchema(await sharedPostgres())
  })
  afterEach(() => schema.dispose())

  async function held(peerId: string, leaseMs: number): Promise<Held> {
    const database = await schema.open(peerId)
    const client = await database.pool.connected()
    const claim = { node: database.own.node, leaseMs }
    const taken = await takeNode(client, database.place, claim)
    client.release()
    if (taken === undefined) throw new Error('it is held')
    database.own.taken(taken)
    return { database, store: new PostgresSessionStore(database), epoch: taken.epoch }
  }

  /** A party with two nodes, the first of which hangs where it is to build a database. */
  async function scene() {
    const [first, second] = [await held('node-1', 0), await held('node-2', 600_000)]
    const building = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const hanging = (own: TestNode['own']): SessionHooks => ({
      ...own,
      database: {
        ...own.database,
        provision: async (...all) => {
          building.resolve()
          await answer.promise
          return own.database.provision(...all)
        },
      },
    })
    const world = new World({ inviter: { store: () => first.store, hooks: hanging } })
    const hooks = () => world.alice.own
    const other = world.stranger(1, { store: () => second.store, hooks })
    return { world, first, second, other, building: building.promise, answer }
  }

  const recover = ({ store }: Held, { clock }: World) =>
    recoverSessions({ store, clock }, 'listener')

  it('leaves its sessions to another one, which goes on with them; what it does later is void', async () => {
    const { world, first, second, other, building, answer } = await scene()
    const link = world.invite()
    const broken = world.redeem(link)
    await building
    expect(await recover(second, world)).toEqual([])
    const { node } = first.database.own
    const gone = { node, epoch: first.epoch, peerId: 'node-1', isLapsed: true }
    expect(await second.database.records.transact(() => takeOver(gone))).toBe(true)
    expect(await recover(second, world)).toMatchObject([{ state: 'PROVISIONING_DB' }])
    world.streams[0]?.listener.reset()
    await broken
    expect(await world.redeem(link, {}, world.bob, other)).toMatchObject({ completed: true })
    answer.resolve()
    const late = first.store.submit([{ op: 'rememberTime', at: 1 }])
    await expect(late.outcome).rejects.toMatchObject({ code: 'node_superseded' })
    const uses = await schema.query<{ state: string }>('SELECT state FROM redemptions')
    expect(uses).toEqual([{ state: 'committed' }])
    for (const { database } of [first, second]) {
      const rows = await engineOnDatabase(database, () => undefined).inspect.audit()
      expect(verifyRows(rows)).toMatchObject({ ok: true, records: rows.length })
    }
  })

  it('keeps its reservation while it lives, however long that is past its time', async () => {
    const { world, second, building, answer } = await scene()
    const broken = world.redeem(world.invite())
    await building
    const { lapsed, standing } = second.store.lookups.redemptions
    expect(await lapsed(world.clock.now() + 86_400_000, 10)).toEqual([])
    await schema.query('UPDATE nodes SET epoch = epoch + 1')
    const [left] = await lapsed(world.clock.now() + 86_400_000, 10)
    expect(await standing(left?.claim.redemptionId ?? '')).toMatchObject({ state: 'provisioning' })
    answer.resolve()
    world.streams[0]?.listener.reset()
    await broken
  })
})

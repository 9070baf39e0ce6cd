import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UsedUp } from '../../../../src/session/ports/shared-limits.ts'
import { SharedCharges } from '../../../../src/store/postgres/node/shared-charges.ts'
import type { StoreDatabase } from '../../../../src/store/postgres/open-store-database.ts'
import { sharedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../../support/postgres/store-database.ts'

const ONCE: UsedUp = { of: 'attempts', key: 'bob', amount: 1 }

/** One node's part. */
interface Telling {
  readonly charges: SharedCharges
  readonly heard: UsedUp[]
  exchange(): Promise<void>
}

describe.skipIf(!canRunPostgres())('what peers have used up at one node', () => {
  let schema: StoreSchema
  beforeEach(async () => {
    schema = storeSchema(await sharedPostgres())
  })
  afterEach(() => schema.dispose())

  async function node(peerId: string): Promise<Telling> {
    const { pool, place, own }: StoreDatabase = await schema.open(peerId)
    const [charges, heard] = [new SharedCharges(), [] as UsedUp[]]
    charges.onUsedElsewhere((all) => heard.push(...all))
    const exchange = async (): Promise<void> => {
      const client = await pool.connected()
      await charges.exchange(client, place, { node: own.node, epoch: 1 })
      client.release()
    }
    await exchange()
    return { charges, heard, exchange }
  }

  it('is told to the others, once', async () => {
    const [one, other] = [await node('node-1'), await node('node-2')]
    one.charges.used([ONCE, ONCE, { of: 'bad_secrets', key: 'bob', amount: 1 }])
    await one.exchange()
    await other.exchange()
    await other.exchange()
    one.charges.used([ONCE])
    await one.exchange()
    await other.exchange()
    const attempts = other.heard.filter(({ of }) => of === 'attempts')
    expect(attempts.map(({ amount }) => amount)).toEqual([2, 1])
    expect(other.heard).toHaveLength(3)
    expect(one.heard).toEqual([])
  })

  it('is no news to one that comes later', async () => {
    const one = await node('node-1')
    one.charges.used([ONCE])
    await one.exchange()
    const late = await node('node-2')
    await late.exchange()
    expect(late.heard).toEqual([])
  })
})

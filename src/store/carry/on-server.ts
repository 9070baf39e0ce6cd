import type pg from 'pg'
import { STORE_TYPES } from '../postgres/connection/column-values.ts'
import { serverPassword } from '../postgres/connection/server-password.ts'
import { ServerPool } from '../postgres/connection/server-pool.ts'
import { storeFailure } from '../postgres/connection/store-failure.ts'
import { type StorePlace, storePlace } from '../postgres/connection/store-place.ts'
import { migrateSchema } from '../postgres/schema/migrate-schema.ts'
import type { CarryOrder } from './carried.ts'

/** The other side may take its time between two statements of this transaction. */
export const WITHOUT_HASTE = 'SET LOCAL idle_in_transaction_session_timeout = 0'

/**
 * Works on a server with a connection of its own, whose schema is up to date.
 * @param mayMake the schema, if there is none
 * @throws StoreError, StoreDamagedError, StoreNewerError, what the work throws
 */
export async function onServer<Result>(
  { address, ...places }: Pick<CarryOrder, 'address' | 'passwordFile' | 'environment'>,
  mayMake: boolean,
  work: (client: pg.ClientBase, place: StorePlace) => Promise<Result>,
): Promise<Result> {
  const place = storePlace(address)
  const password = () => serverPassword(address, places)
  const pool = new ServerPool({ address, password, types: STORE_TYPES })
  try {
    const client = await pool.connected()
    let isClean = false
    try {
      await migrateSchema(client, place, mayMake)
      const result = await work(client, place)
      isClean = true
      return result
    } finally {
      client.release(!isClean)
    }
  } catch (error) {
    throw storeFailure(error, place)
  } finally {
    await pool.close()
  }
}

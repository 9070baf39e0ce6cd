import type { DataDirectory } from '../directory/data-directory.ts'
import { writeMarker } from '../directory/store-marker.ts'
import { StoreOwnerError } from '../errors.ts'
import { BUSY_TIMEOUT_MS, openDatabase } from '../file/database.ts'
import { commit } from '../postgres/connection/server-pool.ts'
import { beginning, NO_NODE } from '../postgres/node/store-transaction.ts'
import { guard } from '../row/translate.ts'
import type { CarryOrder } from './carried.ts'
import { NotCarriedError } from './errors.ts'
import { onServer } from './on-server.ts'
import { PostgresSide } from './postgres-side.ts'
import { SqliteSide } from './sqlite-side.ts'

/**
 * Takes a data directory's file into use again, whose store was carried over to a server. Whatever came to the server's since then
 * is not in it.
 * @throws NotCarriedError, StoreOwnerError, StoreError, StoreDamagedError
 */
export function takeFileBack(directory: DataDirectory, party: string): void {
  const { storeFile } = directory
  guard(storeFile, () => {
    const database = openDatabase(storeFile, BUSY_TIMEOUT_MS)
    try {
      const side = new SqliteSide(database)
      const { id, owner } = side.facts
      if (side.carriedTo === undefined || id === undefined) throw new NotCarriedError(storeFile)
      if (owner !== party) throw new StoreOwnerError(storeFile, owner ?? '', party)
      side.thaw()
      writeMarker(directory, { id })
    } finally {
      database.close()
    }
  })
}

/** The same of a store on a server, which was carried over to the directory's file. @throws as `takeFileBack` */
export async function takeServerBack(
  directory: DataDirectory,
  order: Pick<CarryOrder, 'address' | 'passwordFile' | 'environment' | 'party'>,
): Promise<void> {
  await onServer(order, false, async (client, place) => {
    const side = new PostgresSide(client)
    await client.query(beginning(place, NO_NODE, 'write'))
    const { id, owner, carriedTo } = await side.facts()
    if (carriedTo === undefined || id === undefined) throw new NotCarriedError(place.name)
    if (owner !== order.party) throw new StoreOwnerError(place.name, owner ?? '', order.party)
    await side.thaw()
    await commit(client)
    writeMarker(directory, { id, place: place.name })
  })
}

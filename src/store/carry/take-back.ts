import { existsSync } from 'node:fs'
import type { DataDirectory } from '../directory/data-directory.ts'
import { writeMarker } from '../directory/store-marker.ts'
import { StoreDamagedError, StoreError, StoreOwnerError } from '../errors.ts'
import { BUSY_TIMEOUT_MS, openDatabase } from '../file/database.ts'
import { commit } from '../postgres/connection/server-pool.ts'
import { beginning, NO_NODE, WRITE_ALONE } from '../postgres/node/store-transaction.ts'
import { guard } from '../row/translate.ts'
import type { CarryOrder } from './carried.ts'
import { CarryNodesError, NotCarriedError } from './errors.ts'
import { onServer } from './on-server.ts'
import { PostgresSide } from './postgres-side.ts'
import { SqliteSide } from './sqlite-side.ts'

type BackOrder = Pick<CarryOrder, 'address' | 'passwordFile' | 'environment' | 'party'>

/**
 * Takes a data directory's file into use again, whose store was carried over to a server. Whatever came to the server's since then
 * is not in it. The server's takes no writes from then on; one that is away is taken for lost.
 * @throws NotCarriedError, StoreOwnerError, CarryNodesError if nodes are at work there, StoreError, StoreDamagedError
 */
export async function takeFileBack(directory: DataDirectory, order: BackOrder): Promise<void> {
  const { storeFile } = directory
  const database = guard(storeFile, () => openDatabase(storeFile, BUSY_TIMEOUT_MS))
  try {
    const side = new SqliteSide(database)
    const { id, owner } = guard(storeFile, () => side.facts)
    if (side.carriedTo === undefined || id === undefined) throw new NotCarriedError(storeFile)
    if (owner !== order.party) throw new StoreOwnerError(storeFile, owner ?? '', order.party)
    try {
      await freezeThere(order, id, storeFile)
    } catch (error) {
      if (!(error instanceof StoreError || error instanceof StoreDamagedError)) throw error
    }
    guard(storeFile, () => side.thaw())
    writeMarker(directory, { id })
  } finally {
    database.close()
  }
}

/** @throws CarryNodesError, StoreError, StoreDamagedError */
async function freezeThere(order: BackOrder, storeId: string, storeFile: string): Promise<void> {
  await onServer(order, false, async (client, place) => {
    await client.query(beginning(place, NO_NODE, 'write'))
    await client.query(WRITE_ALONE)
    const there = new PostgresSide(client)
    const { id, carriedTo, atWork } = await there.facts()
    if (id !== storeId || carriedTo !== undefined) return
    if (atWork > 0) throw new CarryNodesError(place.name, 'has nodes at work')
    await there.freeze(storeFile)
    await commit(client)
  })
}

/** The same of a store on a server, which was carried over to the directory's file. @throws as `takeFileBack` */
export async function takeServerBack(directory: DataDirectory, order: BackOrder): Promise<void> {
  await onServer(order, false, async (client, place) => {
    const side = new PostgresSide(client)
    await client.query(beginning(place, NO_NODE, 'write'))
    const { id, owner, carriedTo } = await side.facts()
    if (carriedTo === undefined || id === undefined) throw new NotCarriedError(place.name)
    if (owner !== order.party) throw new StoreOwnerError(place.name, owner ?? '', order.party)
    freezeFile(directory, place.name)
    await side.thaw()
    await commit(client)
    writeMarker(directory, { id, place: place.name })
  })
}

/** Has the directory's file, if it is there, take no writes any more: after a crash there are never two stores at work. */
function freezeFile({ storeFile }: DataDirectory, place: string): void {
  if (!existsSync(storeFile)) return
  guard(storeFile, () => {
    const database = openDatabase(storeFile, BUSY_TIMEOUT_MS)
    try {
      const side = new SqliteSide(database)
      if (side.carriedTo === undefined) side.freeze(place)
    } finally {
      database.close()
    }
  })
}

import type pg from 'pg'
import type { DataDirectory } from '../directory/data-directory.ts'
import { readMarker, writeMarker } from '../directory/store-marker.ts'
import { StoreCarriedError, StoreElsewhereError, StoreError, StoreOwnerError } from '../errors.ts'
import { BUSY_TIMEOUT_MS, openDatabase } from '../file/database.ts'
import { serverPassword } from '../postgres/connection/server-password.ts'
import { commit } from '../postgres/connection/server-pool.ts'
import { isConnectionLost } from '../postgres/connection/store-failure.ts'
import { type StorePlace, storePlace } from '../postgres/connection/store-place.ts'
import { beginning, NO_NODE, WRITE_ALONE } from '../postgres/node/store-transaction.ts'
import { openStoreDatabase } from '../postgres/open-store-database.ts'
import { PostgresStore } from '../postgres/postgres-store.ts'
import { NODE_SETTING } from '../postgres/schema/node-tables.ts'
import { guard, translate } from '../row/translate.ts'
import { type CarriedStore, type CarryOrder, eachTable } from './carried.ts'
import { CarryTargetError } from './errors.ts'
import { onServer, WITHOUT_HASTE } from './on-server.ts'
import { PostgresSide } from './postgres-side.ts'
import { SqliteSide } from './sqlite-side.ts'
import { TableDigest } from './table-digest.ts'

/**
 * Carries a data directory's store over from its file to a server. The file takes no writes from the first step on, so there are
 * never two stores at work: after a crash the same again goes on. All rows arrive in one transaction, and are compared in it.
 * @throws StoreElsewhereError if the store is on a server; CarryTargetError, CarriedDifferentlyError, StoreOwnerError,
 *   StoreCarriedError, StoreError, StoreDamagedError, what `verify` throws: then the file is used as before, unless all had
 *   arrived and may be in use there: then it takes no writes until the same again, or an undo, has been done
 */
export async function carryToServer(
  directory: DataDirectory,
  order: CarryOrder,
): Promise<CarriedStore> {
  const { storeFile } = directory
  const place = storePlace(order.address)
  const marked = readMarker(directory)
  if (marked?.place !== undefined) throw new StoreElsewhereError(storeFile, marked.place)
  const database = openDatabase(storeFile, BUSY_TIMEOUT_MS)
  try {
    const source = new SqliteSide(database)
    const id = guard(storeFile, () => checkSource(source, storeFile, place, order))
    const carried = await onServer(order, true, (client) =>
      carry(client, place, source, { ...order, storeFile }),
    )
    await verifyThere(order, id, source)
    writeMarker(directory, { id, place: place.name })
    return { from: storeFile, to: place.name, ...carried }
  } finally {
    database.close()
  }
}

/** Returns the store's id. */
function checkSource(
  source: SqliteSide,
  path: string,
  { name }: StorePlace,
  { party }: CarryOrder,
): string {
  const { carriedTo } = source
  if (carriedTo !== undefined && carriedTo !== name) throw new StoreCarriedError(path, carriedTo)
  const { id, owner } = source.facts
  if (owner !== party || id === undefined) throw new StoreOwnerError(path, owner ?? '', party)
  return id
}

async function carry(
  client: pg.ClientBase,
  place: StorePlace,
  source: SqliteSide,
  { storeFile, ...order }: CarryOrder & { readonly storeFile: string },
): Promise<Pick<CarriedStore, 'rows' | 'head'>> {
  await client.query(beginning(place, NO_NODE, 'write'))
  await client.query(WRITE_ALONE)
  const target = new PostgresSide(client)
  const { id, nodes } = await target.facts()
  const wasFrozen = source.carriedTo !== undefined
  // It arrived, and the process died before it could say so.
  const isThere = wasFrozen && id !== undefined && id === source.facts.id
  if (!isThere && (id !== undefined || nodes > 0)) throw new CarryTargetError(place.name)
  if (!wasFrozen) source.freeze(place.name)
  let isCommitting = false
  try {
    await client.query(WITHOUT_HASTE)
    const result = await copy(client, source, target, { ...order, isThere })
    isCommitting = true
    await commit(client)
    return result
  } catch (error) {
    // It has arrived, or may have, and somebody may be at work there: the file stays as it was left.
    if (!isThere && !(isCommitting && isConnectionLost(error))) source.thaw()
    throw translate(storeFile, error)
  }
}

async function copy(
  client: pg.ClientBase,
  source: SqliteSide,
  target: PostgresSide,
  order: CarryOrder & { readonly isThere: boolean },
): Promise<Pick<CarriedStore, 'rows' | 'head'>> {
  const { head } = source
  const { isThere, peerId } = order
  const node = (await target.node(peerId))?.node ?? (await target.join(peerId, head))
  await client.query(`SET LOCAL ${NODE_SETTING} = ${node}`)
  const rows = await eachTable(order, async (table) => {
    const columns = await target.columns(table)
    const [sent, arrived] = [new TableDigest(columns), new TableDigest(columns)]
    for (const batch of source.rows(table, columns)) {
      sent.add(batch)
      if (!isThere) await target.add(table, columns, batch)
    }
    for await (const batch of target.rows(table, columns)) arrived.add(batch)
    return [sent.content, arrived.content]
  })
  await target.goOnFrom(source.fence)
  return { rows, head: { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') } }
}

/** Has it looked at as it will be used. A server that is away says nothing about it: the same again looks anew. */
async function verifyThere(
  { verify, address, ...order }: CarryOrder,
  storeId: string,
  source: SqliteSide,
): Promise<void> {
  const { party, peerId } = order
  const password = () => serverPassword(address, order)
  const database = await openStoreDatabase({ address, password, party, peerId, storeId })
  const store = new PostgresStore(database)
  try {
    await verify(store)
  } catch (error) {
    if (!(error instanceof StoreError)) await giveUp({ address, ...order }, source)
    throw error
  } finally {
    await store.close()
  }
}

/** Has the file used again, once the server's copy takes no writes. It stays as it is if others have begun to work there. */
async function giveUp(order: Omit<CarryOrder, 'verify'>, source: SqliteSide): Promise<void> {
  await onServer(order, false, async (client, place) => {
    await client.query(beginning(place, NO_NODE, 'write'))
    await client.query(WRITE_ALONE)
    const target = new PostgresSide(client)
    if ((await target.facts()).nodes > 1) return
    await target.freeze('the file that it came from')
    await commit(client)
    source.thaw()
  }).catch(() => undefined)
}

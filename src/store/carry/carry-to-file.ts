import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type pg from 'pg'
import type { DataDirectory } from '../directory/data-directory.ts'
import { readMarker, writeMarker } from '../directory/store-marker.ts'
import { syncDirectory } from '../directory/write-durably.ts'
import {
  StoreCarriedError,
  StoreDamagedError,
  StoreElsewhereError,
  StoreOwnerError,
} from '../errors.ts'
import { BUSY_TIMEOUT_MS, openDatabase } from '../file/database.ts'
import { commit } from '../postgres/connection/server-pool.ts'
import { type StorePlace, storePlace } from '../postgres/connection/store-place.ts'
import { beginning, NO_NODE, WRITE_ALONE } from '../postgres/node/store-transaction.ts'
import { translate } from '../row/translate.ts'
import { openStore } from '../transaction/store.ts'
import { type CarriedStore, type CarryOrder, eachTable } from './carried.ts'
import { CarryNodesError } from './errors.ts'
import { onServer, WITHOUT_HASTE } from './on-server.ts'
import { PostgresSide } from './postgres-side.ts'
import { SqliteSide } from './sqlite-side.ts'
import { TableDigest } from './table-digest.ts'

/**
 * Carries a data directory's store over from a server to a file. The server's takes no writes from the first step on: after a
 * crash the same again begins anew. A file that was there is kept under another name.
 * @throws StoreElsewhereError if the store is on another server or a file; CarryNodesError, CarriedDifferentlyError,
 *   StoreOwnerError, StoreCarriedError, StoreError, StoreDamagedError, what `verify` throws: then the server's is used as before
 */
export async function carryToFile(
  directory: DataDirectory,
  order: CarryOrder,
): Promise<CarriedStore> {
  const { storeFile } = directory
  const { name } = storePlace(order.address)
  const marked = readMarker(directory)
  if (marked?.place !== name) throw new StoreElsewhereError(name, marked?.place ?? storeFile)
  const draft = `${storeFile}.new-${process.pid}`
  return await onServer(order, false, async (client, place) => {
    const source = new PostgresSide(client)
    await freeze(client, place, source, { ...order, id: marked.id, storeFile })
    try {
      const carried = await copy(client, place, source, order, draft)
      await verifyFile(draft, order)
      takeIntoUse(draft, storeFile)
      writeMarker(directory, { id: marked.id })
      return { from: name, to: storeFile, ...carried }
    } catch (error) {
      // A server that is away by now is thawed by who begins anew.
      await thaw(client, place, source).catch(() => undefined)
      throw translate(draft, error)
    } finally {
      for (const ending of ['', '-wal', '-shm']) rmSync(draft + ending, { force: true })
    }
  })
}

async function freeze(
  client: pg.ClientBase,
  place: StorePlace,
  source: PostgresSide,
  { party, id, storeFile }: CarryOrder & { readonly id: string; readonly storeFile: string },
): Promise<void> {
  const { name } = place
  await client.query(beginning(place, NO_NODE, 'write'))
  await client.query(WRITE_ALONE)
  const facts = await source.facts()
  if (facts.owner !== party) throw new StoreOwnerError(name, facts.owner ?? '', party)
  if (facts.id !== id) throw new StoreDamagedError(name, 'is not the one of this data directory')
  const { carriedTo = storeFile, atWork, audits } = facts
  if (carriedTo !== storeFile) throw new StoreCarriedError(name, carriedTo)
  if (atWork > 0) throw new CarryNodesError(name, `has ${atWork} nodes at work`)
  if (audits > 1) throw new CarryNodesError(name, `has the audits of ${audits} nodes`)
  if (facts.carriedTo === undefined) await source.freeze(storeFile)
  await commit(client)
}

async function thaw(client: pg.ClientBase, place: StorePlace, source: PostgresSide): Promise<void> {
  await client.query('ROLLBACK')
  await client.query(beginning(place, NO_NODE, 'write'))
  await source.thaw()
  await commit(client)
}

async function copy(
  client: pg.ClientBase,
  place: StorePlace,
  source: PostgresSide,
  order: CarryOrder,
  draft: string,
): Promise<Pick<CarriedStore, 'rows' | 'head'>> {
  await client.query(beginning(place, NO_NODE, 'read'))
  const own = await source.node(order.peerId)
  if (own === undefined) throw new CarryNodesError(place.name, 'has the audit of another node')
  const { node, head } = own
  await commit(client)
  await client.query(`${beginning(place, { node }, 'read')}; ${WITHOUT_HASTE}`)
  const database = openDatabase(draft, BUSY_TIMEOUT_MS)
  try {
    const target = new SqliteSide(database)
    database.exec('BEGIN IMMEDIATE')
    const rows = await eachTable(order, async (table) => {
      const columns = await source.columns(table)
      const [sent, arrived] = [new TableDigest(columns), new TableDigest(columns)]
      for await (const batch of source.rows(table, columns)) {
        sent.add(batch)
        target.add(table, columns, batch)
      }
      for (const batch of target.rows(table, columns)) arrived.add(batch)
      return [sent.content, arrived.content]
    })
    target.fence = await source.fence()
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
    await commit(client)
    return { rows, head: { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') } }
  } finally {
    database.close()
  }
}

async function verifyFile(path: string, { verify }: CarryOrder): Promise<void> {
  const store = openStore(path)
  try {
    await verify(store)
  } finally {
    store.close()
  }
}

/** A file of before is kept, under a name that says when. */
function takeIntoUse(draft: string, path: string): void {
  const kept = `${path}.before-${new Date().toISOString().replaceAll(/[^0-9T]/g, '')}`
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(path + ending)) renameSync(path + ending, kept + ending)
  }
  renameSync(draft, path)
  syncDirectory(dirname(path))
}

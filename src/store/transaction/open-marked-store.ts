import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { DataDirectory } from '../directory/data-directory.ts'
import { isLocked } from '../directory/process-lock.ts'
import { markerOf, readMarker, writeMarker } from '../directory/store-marker.ts'
import { sweepDrafts } from '../directory/sweep-drafts.ts'
import { StoreCarriedError, StoreDamagedError, StoreElsewhereError } from '../errors.ts'
import { metaRecords, STORE_FACTS } from '../records/meta-records.ts'
import { openStore, type Store } from './store.ts'

/**
 * Opens the directory's store, and makes it if there has never been one. A small file beside the store remembers that
 * there was one, so that a lost store is never replaced by an empty one.
 * @throws StoreElsewhereError if it is on a server; StoreCarriedError; StoreDamagedError, StoreNewerError, StoreError, StoreInUseError for an
 *   older store that a listener serves
 */
export async function openMarkedStore(directory: DataDirectory): Promise<Store> {
  const path = directory.storeFile
  const marked = readMarker(directory)
  if (marked?.place !== undefined) throw new StoreElsewhereError(path, marked.place)
  if (marked !== undefined && !existsSync(path)) {
    throw new StoreDamagedError(path, 'is missing, although there was one')
  }
  if (marked !== undefined) sweepDrafts(directory)
  // A listener that served an older store would fail on the changed one.
  const store = openStore(path, { isInUse: () => isLocked(directory.lockFile) })
  try {
    const { id, carriedTo } = await facts(store)
    if (carriedTo !== undefined) throw new StoreCarriedError(path, carriedTo)
    // A store that was marked has its id, so nothing is written into another one.
    if (marked !== undefined && marked.id !== id) {
      throw new StoreDamagedError(path, `is not the one that ${markerOf(directory)} belongs to`)
    }
    if (marked === undefined) writeMarker(directory, { id: id ?? (await newId(store)) })
  } catch (error) {
    store.close()
    throw error
  }
  return store
}

/** Reads what the store says of itself. @throws StoreError, StoreDamagedError */
function facts(store: Store) {
  return store.query(function* () {
    const id = yield* metaRecords.get(STORE_FACTS.id)
    return { id, carriedTo: yield* metaRecords.get(STORE_FACTS.carriedTo) }
  })
}

/** Gives the store an id. If two processes do so at once, the first one's stays. */
function newId(store: Store): Promise<string> {
  const id = randomBytes(16).toString('hex')
  return store.transact(function* () {
    const existing = yield* metaRecords.get(STORE_FACTS.id)
    if (existing !== undefined) return existing
    yield* metaRecords.set(STORE_FACTS.id, id)
    return id
  })
}

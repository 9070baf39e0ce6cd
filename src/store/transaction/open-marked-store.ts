import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DataDirectory } from '../directory/data-directory.ts'
import { isLocked } from '../directory/process-lock.ts'
import { readSmallFile } from '../directory/read-small-file.ts'
import { sweepDrafts } from '../directory/sweep-drafts.ts'
import { StoreDamagedError } from '../errors.ts'
import { metaRecords } from '../records/meta-records.ts'
import { openStore, type Store } from './store.ts'

/** Longest marker, bytes: 32 digits and the end of the line. */
const MAX_MARKER_BYTES = 64

/** The name of the id among the store's single facts. */
const STORE_ID = 'store_id'

const ID = /^[0-9a-f]{32}$/

/**
 * Opens the directory's store, and makes it if there has never been one. A small file beside the store remembers that
 * there was one, so that a lost store is never replaced by an empty one.
 * @throws StoreDamagedError, StoreNewerError, StoreError, StoreInUseError for an older store that a listener serves
 */
export async function openMarkedStore(directory: DataDirectory): Promise<Store> {
  const path = directory.storeFile
  const marked = readMarker(`${path}.id`)
  if (marked !== undefined && !existsSync(path)) {
    throw new StoreDamagedError(path, 'is missing, although there was one')
  }
  if (marked !== undefined) sweepDrafts(directory)
  // A listener that served an older store would fail on the changed one.
  const store = openStore(path, { isInUse: () => isLocked(directory.lockFile) })
  try {
    await check(store, marked)
  } catch (error) {
    store.close()
    throw error
  }
  return store
}

async function check(store: Store, marked: string | undefined): Promise<void> {
  const marker = `${store.path}.id`
  const found = await store.query(() => metaRecords.get(STORE_ID))
  // A store that was marked has its id, so nothing is written into another one.
  if (marked !== undefined && marked !== found) {
    throw new StoreDamagedError(store.path, `is not the one that ${marker} belongs to`)
  }
  if (marked === undefined) writeMarker(marker, found ?? (await newId(store)))
}

/** Gives the store an id. If two processes do so at once, the first one's stays. */
function newId(store: Store): Promise<string> {
  const id = randomBytes(16).toString('hex')
  return store.transact(function* () {
    const existing = yield* metaRecords.get(STORE_ID)
    if (existing !== undefined) return existing
    yield* metaRecords.set(STORE_ID, id)
    return id
  })
}

function readMarker(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  const handle = openSync(path, 'r')
  const text = readSmallFile(handle, MAX_MARKER_BYTES)?.toString('utf8').trim() ?? ''
  closeSync(handle)
  if (!ID.test(text)) throw new StoreDamagedError(path, 'is damaged')
  return text
}

function writeMarker(path: string, id: string): void {
  const draft = `${path}.new-${process.pid}`
  const handle = openSync(draft, 'w', 0o600)
  try {
    writeSync(handle, `${id}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, path)
  const directory = openSync(dirname(path), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

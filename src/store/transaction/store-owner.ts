import { existsSync } from 'node:fs'
import type { DataDirectory } from '../directory/data-directory.ts'
import { readMarker } from '../directory/store-marker.ts'
import { StoreOwnerError } from '../errors.ts'
import { metaRecords, STORE_FACTS } from '../records/meta-records.ts'
import type { Store } from './store.ts'

/**
 * Binds a store to its party, once: a new one to this one, an older one to the one that its records prove.
 * @throws StoreOwnerError if it is another party's: nothing is read or written under a key that is not its own; StoreError
 */
export async function bindStore(store: Store, peerId: string): Promise<void> {
  const bound = await store.query(() => metaRecords.get(STORE_FACTS.owner))
  if (bound === peerId) return
  const owner = bound ?? (await proven(store)) ?? peerId
  if (owner !== peerId) throw new StoreOwnerError(store.path, owner, peerId)
  await store.transact(() => metaRecords.set(STORE_FACTS.owner, peerId))
}

/**
 * The party that the store of a directory belongs to.
 * @returns undefined if there is no store here, or it belongs to nobody yet; one on a server says so itself when it is opened
 * @throws StoreError, StoreDamagedError
 */
export async function ownerOfStoreIn(directory: DataDirectory): Promise<string | undefined> {
  if (!existsSync(directory.storeFile) || readMarker(directory)?.place !== undefined)
    return undefined
  const { openMarkedStore } = await import('./open-marked-store.ts')
  const store = await openMarkedStore(directory)
  try {
    return (await store.query(() => metaRecords.get(STORE_FACTS.owner))) ?? (await proven(store))
  } finally {
    store.close()
  }
}

/** Loaded here only: most stores say whose they are. */
async function proven(store: Store): Promise<string | undefined> {
  const { provenOwner } = await import('./proven-owner.ts')
  return await provenOwner(store)
}

import { existsSync } from 'node:fs'
import type { DataDirectory } from '../directory/data-directory.ts'
import { StoreOwnerError } from '../errors.ts'
import { metaRecords } from '../records/meta-records.ts'
import type { Store } from './store.ts'

/** The name of the owner among the store's single facts. */
const OWNER = 'peer_id'

/**
 * Binds a store to its party, once: a new one to this one, an older one to the one that its records prove.
 * @throws StoreOwnerError if it is another party's: nothing is read or written under a key that is not its own; StoreError
 */
export async function bindStore(store: Store, peerId: string): Promise<void> {
  const bound = await store.query(() => metaRecords.get(OWNER))
  if (bound === peerId) return
  const owner = bound ?? (await proven(store)) ?? peerId
  if (owner !== peerId) throw new StoreOwnerError(store.path, owner, peerId)
  await store.transact(() => metaRecords.set(OWNER, peerId))
}

/**
 * The party that the store of a directory belongs to.
 * @returns undefined if there is no store, or it belongs to nobody yet
 * @throws StoreError, StoreDamagedError
 */
export async function ownerOfStoreIn(directory: DataDirectory): Promise<string | undefined> {
  if (!existsSync(directory.storeFile)) return undefined
  const { openMarkedStore } = await import('./open-marked-store.ts')
  const store = await openMarkedStore(directory)
  try {
    return (await store.query(() => metaRecords.get(OWNER))) ?? (await proven(store))
  } finally {
    store.close()
  }
}

/** Loaded here only: most stores say whose they are. */
async function proven(store: Store): Promise<string | undefined> {
  const { provenOwner } = await import('./proven-owner.ts')
  return await provenOwner(store)
}

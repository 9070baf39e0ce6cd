import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { overdrawn, soundTrail } from './invariants.ts'

/** A copy of a party's store as its directory holds it now, to look into. */
export async function storeIn(copy: (to: string) => Promise<void>): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'taleus-copy-'))
  await copy(directory)
  const store = openStore(join(directory, 'taleus.db'))
  onTestFinished(async () => {
    store.close()
    await rm(directory, { recursive: true, force: true })
  })
  return store
}

/** What is wrong with it on its own: I1, I5, I7. */
export async function problemsOf(name: string, store: Store): Promise<readonly string[]> {
  return [...overdrawn(store), ...(await soundTrail(name, store))]
}

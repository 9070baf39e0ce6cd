import { parsePostgresUrl } from '../../protocol/database/postgres-url.ts'
import type { DataDirectory } from '../directory/data-directory.ts'
import type { PartyStore, StoreOpener } from '../query/party-store.ts'
import { bindStore } from './store-owner.ts'

/** The store that is meant. */
export interface StoreChoice {
  /** `postgres://USER@HOST:PORT/DATABASE`. @default the file in the data directory */
  readonly server?: string | undefined
  /** A file that holds the password and nothing else. @default as libpq finds it */
  readonly passwordFile?: string | undefined
  /** Where PGPASSWORD, PGPASSFILE and HOME are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * Opens the store of a data directory's party, and makes it if there has never been one. Only the engine that is wanted is loaded.
 * @throws StoreElsewhereError if the party's store is another one; StoreOwnerError if this one is another party's;
 *   StoreDamagedError, StoreNewerError, StoreInUseError, StoreError, PostgresUrlError
 */
export async function openPartyStore(
  directory: DataDirectory,
  { server, passwordFile, environment }: StoreChoice,
  opener: StoreOpener,
): Promise<PartyStore> {
  if (server !== undefined) {
    const { openMarkedDatabase } = await import('../postgres/open-marked-database.ts')
    const address = parsePostgresUrl(server)
    return await openMarkedDatabase(directory, { address, passwordFile, environment }, opener)
  }
  const { openMarkedStore } = await import('./open-marked-store.ts')
  const store = await openMarkedStore(directory)
  try {
    await bindStore(store, opener.party)
    return store
  } catch (error) {
    store.close()
    throw error
  }
}

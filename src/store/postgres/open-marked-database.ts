import type { PostgresAddress } from '../../protocol/database/postgres-url.ts'
import type { DataDirectory } from '../directory/data-directory.ts'
import { hasStore, readMarker, writeMarker } from '../directory/store-marker.ts'
import { StoreElsewhereError } from '../errors.ts'
import type { StoreOpener } from '../query/party-store.ts'
import { type PasswordPlaces, serverPassword } from './connection/server-password.ts'
import { storePlace } from './connection/store-place.ts'
import { openStoreDatabase } from './open-store-database.ts'
import { PostgresStore } from './postgres-store.ts'

/** A store on a server, and where its password is. */
export interface MarkedDatabase extends PasswordPlaces {
  readonly address: PostgresAddress
}

/**
 * Opens a data directory's store on a server, and makes it if the directory never had one. The directory remembers which it is:
 * one that is lost is not replaced by an empty one, whatever the server's name is by then.
 * @throws StoreElsewhereError if the directory's store is its file; StoreOwnerError, StoreDamagedError, StoreNewerError,
 *   StoreInUseError, StoreError
 */
export async function openMarkedDatabase(
  directory: DataDirectory,
  { address, ...places }: MarkedDatabase,
  { party, peerId }: StoreOpener,
): Promise<PostgresStore> {
  const place = storePlace(address).name
  const marked = readMarker(directory)
  if (marked?.place === undefined && hasStore(directory)) {
    throw new StoreElsewhereError(place, directory.storeFile)
  }
  const password = () => serverPassword(address, places)
  const database = await openStoreDatabase({
    address,
    password,
    party,
    peerId,
    storeId: marked?.id,
  })
  if (marked?.place !== place) writeMarker(directory, { id: database.storeId, place })
  return new PostgresStore(database)
}

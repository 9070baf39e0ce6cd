import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { generatePrivateKeyBytes } from '../../network/identity/key-bytes.ts'
import { type DataDirectory, openDataDirectory } from '../../store/directory/data-directory.ts'
import { ensureKey } from '../../store/directory/key-file.ts'
import { RelayService, type RelayServiceInit } from './relay-service.ts'

/** The relay's own folder in a data directory: its key is no party's, and a listener may run beside it. */
const FOLDER = 'relay'

/**
 * Opens the directory of the relay in a data directory. Makes nothing.
 * @returns undefined if there never was one
 * @throws DataDirectoryError
 */
export function relayDirectory(dataDirectory: string): DataDirectory | undefined {
  const path = join(dataDirectory, FOLDER)
  return existsSync(path) ? openDataDirectory(path) : undefined
}

/**
 * A relay in a data directory, not started. Its directory and its key are made where there are none.
 * @throws DataDirectoryError, KeyFileError
 */
export function openRelay(
  dataDirectory: string,
  init: Omit<RelayServiceInit, 'directory' | 'key'>,
): RelayService {
  openDataDirectory(dataDirectory)
  const directory = openDataDirectory(join(dataDirectory, FOLDER))
  return new RelayService({
    ...init,
    directory,
    key: ensureKey(directory, generatePrivateKeyBytes),
  })
}

import { type DataDirectory, openDataDirectory } from '../store/data-directory.ts'
import { ensureKey } from '../store/key-file.ts'
import type { Locations } from './locations.ts'

/** What a command works with. The only place that knows every adapter; all are loaded at first need. */
export interface Context {
  readonly directory: DataDirectory
  /** This party's private key, made at first need and kept. @throws KeyFileError */
  privateKey(): Promise<Uint8Array>
  /** This party's peer id, `12D3KooW…`. */
  peerId(): Promise<string>
}

/** @throws DataDirectoryError */
export function openContext(locations: Locations): Context {
  const directory = openDataDirectory(locations.dataDirectory)
  const privateKey = async (): Promise<Uint8Array> => {
    const { generatePrivateKeyBytes } = await import('../network/key-bytes.ts')
    return ensureKey(directory, generatePrivateKeyBytes)
  }
  const peerId = async (): Promise<string> => {
    const { peerIdOfKeyBytes } = await import('../network/key-bytes.ts')
    return peerIdOfKeyBytes(await privateKey())
  }
  return { directory, privateKey, peerId }
}

import { peerIdOfKeyBytes, signWithKeyBytes } from '../../network/identity/key-bytes.ts'
import type { ChangeSigner } from '../../tally/change-author.ts'

/**
 * Signs this party's changes.
 * @param key the private key's bytes, as in the key file
 * @throws IdentityKeyError
 */
export function changeSigner(key: Uint8Array): ChangeSigner {
  return { peerId: peerIdOfKeyBytes(key), sign: signWithKeyBytes(key) }
}

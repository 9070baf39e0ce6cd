import { type NoteSigner, trailKey } from '../../audit/checkpoint/note-key.ts'
import { peerIdOfKeyBytes, signWithKeyBytes } from '../../network/identity/key-bytes.ts'

/**
 * Signs for this party's audit.
 * @param key the private key's bytes, as in the key file
 * @throws IdentityKeyError
 */
export function trailSigner(key: Uint8Array): NoteSigner {
  return { ...trailKey(peerIdOfKeyBytes(key)), sign: signWithKeyBytes(key) }
}

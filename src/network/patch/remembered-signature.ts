import type { PrivateKey } from '@libp2p/interface'
import { changed, requireMethods } from './packages.ts'

/**
 * The key, which gives the last signature again if it is asked to sign the same: at each handshake a node signs the one
 * key that noise uses all the time, and Ed25519 always gives the same signature. Some 70 µs each.
 *
 * Written for @libp2p/crypto 5.1.23: puts an object with a `sign` of its own before the key, all of whose other members
 * must work through it, as those without private fields do.
 * @throws PatchedInternalsError
 */
export function rememberSignature(key: PrivateKey): PrivateKey {
  requireMethods(key, ['sign', 'equals'], '@libp2p/crypto', 'PrivateKey')
  let last: { readonly text: Uint8Array; readonly signature: Uint8Array } | undefined
  const sign: PrivateKey['sign'] = (message, options) => {
    options?.signal?.throwIfAborted()
    const text = message.subarray()
    if (last !== undefined && Buffer.compare(last.text, text) === 0) return last.signature
    const signature = key.sign(text, options)
    if (signature instanceof Uint8Array) last = { text: Uint8Array.from(text), signature }
    return signature
  }
  const remembering: PrivateKey = Object.create(key, { sign: { value: sign } })
  if (!isSameKey(remembering, key))
    throw changed('@libp2p/crypto', 'PrivateKey without private fields')
  return remembering
}

function isSameKey(remembering: PrivateKey, key: PrivateKey): boolean {
  try {
    return remembering.equals(key) && remembering.publicKey.equals(key.publicKey)
  } catch {
    return false
  }
}

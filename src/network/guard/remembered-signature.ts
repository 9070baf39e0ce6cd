import type { PrivateKey } from '@libp2p/interface'

/**
 * The key, which gives the last signature again if it is asked to sign the same: at each handshake a node signs the one
 * key that noise uses all the time, and Ed25519 always gives the same signature. Some 70 µs each.
 */
export function rememberSignature(key: PrivateKey): PrivateKey {
  let last: { readonly text: Uint8Array; readonly signature: Uint8Array } | undefined
  const sign: PrivateKey['sign'] = (message, options) => {
    options?.signal?.throwIfAborted()
    const text = message.subarray()
    if (last !== undefined && Buffer.compare(last.text, text) === 0) return last.signature
    const signature = key.sign(text, options)
    if (signature instanceof Uint8Array) last = { text: Uint8Array.from(text), signature }
    return signature
  }
  return Object.create(key, { sign: { value: sign } })
}

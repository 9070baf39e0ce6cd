import { createPrivateKey, sign } from 'node:crypto'
import { type NoteSigner, trailKey } from '../../../src/audit/checkpoint/note-key.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'

const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** A party of a test: the same number, the same key. */
export function signerOf(number: number): NoteSigner & { readonly peerId: string } {
  const seed = Buffer.alloc(32, number)
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
  const peerId = peerIdOfPublicKey(publicKey)
  return { ...trailKey(peerId), peerId, sign: (bytes) => sign(null, bytes, key) }
}

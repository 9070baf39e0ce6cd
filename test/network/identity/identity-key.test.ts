import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'
import { IdentityKeyError } from '../../../src/network/errors.ts'
import {
  generatePrivateKeyBytes,
  peerIdOf,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../../src/network/identity/key-bytes.ts'

test("a new key is in libp2p's own form, and has the peer id that libp2p gives it", () => {
  const bytes = generatePrivateKeyBytes()
  const key = privateKeyFromBytes(bytes)
  expect(privateKeyToProtobuf(key)).toEqual(bytes)
  expect(peerIdOf(key)).toBe(peerIdOfKeyBytes(bytes))
  expect(peerIdOf(key)).toMatch(/^12D3KooW/)
  expect(generatePrivateKeyBytes()).not.toEqual(bytes)
})

test("libp2p's own keys are taken", async () => {
  const key = await generateKeyPair('Ed25519')
  const bytes = privateKeyToProtobuf(key)
  expect(peerIdOf(privateKeyFromBytes(bytes))).toBe(peerIdOf(key))
})

test('no single flipped bit, missing or added byte goes unnoticed', () => {
  const bytes = generatePrivateKeyBytes()
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Uint8Array.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(() => peerIdOfKeyBytes(flipped)).toThrow(IdentityKeyError)
  }
  for (const wrong of [bytes.slice(1), bytes.slice(0, -1), new Uint8Array(0), new Uint8Array(69)]) {
    expect(() => privateKeyFromBytes(wrong)).toThrow(IdentityKeyError)
  }
})

test('a key of another kind is refused', async () => {
  const bytes = privateKeyToProtobuf(await generateKeyPair('secp256k1'))
  expect(() => privateKeyFromBytes(bytes)).toThrow(IdentityKeyError)
})

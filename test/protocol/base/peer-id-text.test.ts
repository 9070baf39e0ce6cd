import { generateKeyPair, publicKeyFromRaw } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { peerIdOfPublicKey, publicKeyOfPeerId } from '../../../src/protocol/base/peer-id-text.ts'
import { PeerIdError } from '../../../src/protocol/errors.ts'
import { publicKey } from '../../support/protocol/arbitraries.ts'

describe('a peer id', () => {
  it('is the one that libp2p gives the key', async () => {
    for (let run = 0; run < 5; run++) {
      const key = await generateKeyPair('Ed25519')
      const text = peerIdFromPublicKey(key.publicKey).toString()
      expect(peerIdOfPublicKey(key.publicKey.raw)).toBe(text)
      expect(publicKeyFromRaw(publicKeyOfPeerId(text)).equals(key.publicKey)).toBe(true)
    }
  })

  it('gives back its key', () => {
    fc.assert(
      fc.property(publicKey, (key) => {
        const text = peerIdOfPublicKey(key)
        expect(text).toMatch(/^12D3KooW/)
        expect(publicKeyOfPeerId(text)).toEqual(key)
      }),
    )
  })

  it('changed in one character is refused, or is of another key', () => {
    const letter = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 })
    fc.assert(
      fc.property(publicKey, fc.nat(51), letter, (key, at, character) => {
        const text = peerIdOfPublicKey(key)
        const changed = text.slice(0, at) + character + text.slice(at + 1)
        let again: string
        try {
          again = peerIdOfPublicKey(publicKeyOfPeerId(changed))
        } catch (error) {
          expect(error).toBeInstanceOf(PeerIdError)
          return
        }
        expect(again).toBe(changed)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['nothing', ''],
    ['an RSA peer id', 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'],
    ['a CID', 'bafzaajaiaejcbzdibmxyzdjbbehgvizh6g5tikvy47mshdy6gwbruvgwvd24seje'],
    ['something of the right length', '1'.repeat(52)],
    ['something a character longer', '1'.repeat(53)],
  ])('is not %s', (_what, text) => {
    expect(() => publicKeyOfPeerId(text)).toThrow(PeerIdError)
  })

  it('needs 32 bytes of key', () => {
    expect(() => peerIdOfPublicKey(new Uint8Array(33))).toThrow(PeerIdError)
  })
})

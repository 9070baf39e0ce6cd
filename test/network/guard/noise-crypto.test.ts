import { noise, pureJsCrypto } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { createLibp2p } from 'libp2p'
import { afterEach, describe, expect, test } from 'vitest'
import { noiseCrypto } from '../../../src/network/guard/noise-crypto.ts'
import { rememberSignature } from '../../../src/network/guard/remembered-signature.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { dialingNode, listener, stopAll, TCP } from '../../support/network/two-nodes.ts'

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('noise with our crypto', () => {
  const others: Libp2p[] = []
  afterEach(async () => {
    await Promise.all(others.splice(0).map(async (node) => await node.stop()))
    await stopAll()
  })

  async function stock(listen: string[] = []): Promise<Libp2p> {
    const node = await createLibp2p({
      addresses: { listen },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
    })
    others.push(node)
    return node
  }

  test('shakes hands with noise as it comes, in both directions and more than once', async () => {
    const ours = await listener(() => undefined)
    for (let round = 0; round < 2; round += 1) {
      const connection = await (await stock()).dial(multiaddr(`${ours.tcp}/p2p/${ours.peer}`))
      expect(connection.remotePeer.toString()).toBe(ours.peer)
    }
    const theirs = await stock([TCP])
    for (let round = 0; round < 2; round += 1) {
      const connection = await (await dialingNode()).dial(theirs.getMultiaddrs())
      expect(connection.remotePeer.equals(theirs.peerId)).toBe(true)
    }
  })

  test('comes to the same secret as another implementation, whichever side it is', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const ours = noiseCrypto.generateX25519KeyPair()
        const theirs = pureJsCrypto.generateX25519KeyPairFromSeed(seed)
        const secret = noiseCrypto.generateX25519SharedKey(ours.privateKey, theirs.publicKey)
        expect(secret).toStrictEqual(
          Buffer.from(pureJsCrypto.generateX25519SharedKey(theirs.privateKey, ours.publicKey)),
        )
      }),
    )
  })

  test('derives the same keys from a seed, and uses such a seed itself', () => {
    fc.assert(
      fc.property(seeds, seeds, (seed, other) => {
        const ours = noiseCrypto.generateX25519KeyPairFromSeed(seed)
        const pure = pureJsCrypto.generateX25519KeyPairFromSeed(seed)
        expect(Buffer.compare(ours.publicKey, pure.publicKey)).toBe(0)
        const { publicKey } = pureJsCrypto.generateX25519KeyPairFromSeed(other)
        const secret = pureJsCrypto.generateX25519SharedKey(seed, publicKey)
        for (const key of [ours.privateKey, seed])
          expect(Buffer.compare(noiseCrypto.generateX25519SharedKey(key, publicKey), secret)).toBe(
            0,
          )
      }),
    )
  })

  test('derives the same keys for its ciphers', () => {
    fc.assert(
      fc.property(seeds, fc.uint8Array({ maxLength: 32 }), (chainingKey, material) => {
        const ours = noiseCrypto.getHKDF(chainingKey, material)
        const pure = pureJsCrypto.getHKDF(chainingKey, material)
        expect(ours.map((key) => Buffer.from(key).toString('hex'))).toEqual(
          pure.map((key) => Buffer.from(key).toString('hex')),
        )
      }),
    )
  })

  test('refuses a key that makes every secret the same', () => {
    const { privateKey } = noiseCrypto.generateX25519KeyPair()
    expect(() => noiseCrypto.generateX25519SharedKey(privateKey, new Uint8Array(32))).toThrow()
  })

  test('does not hand out the bytes of a private key that it made', () => {
    const { privateKey, publicKey } = noiseCrypto.generateX25519KeyPair()
    const asSeed = pureJsCrypto.generateX25519KeyPairFromSeed(Uint8Array.from(privateKey))
    expect(Buffer.compare(asSeed.publicKey, publicKey)).not.toBe(0)
  })

  test('leaves the length of stacks as it was', () => {
    const before = Error.stackTraceLimit
    noiseCrypto.generateX25519SharedKey(
      noiseCrypto.generateX25519KeyPair().privateKey,
      noiseCrypto.generateX25519KeyPair().publicKey,
    )
    expect(() =>
      noiseCrypto.generateX25519SharedKey(new Uint8Array(32), new Uint8Array(1)),
    ).toThrow()
    expect(Error.stackTraceLimit).toBe(before)
  })
})

describe('a key that remembers its last signature', () => {
  const bytes = generatePrivateKeyBytes()

  function counted(): { key: PrivateKey; signed: () => number } {
    const key = privateKeyFromBytes(bytes)
    const sign = key.sign.bind(key)
    let count = 0
    key.sign = (message, options) => {
      count += 1
      return sign(message, options)
    }
    return { key: rememberSignature(key), signed: () => count }
  }

  test('signs the same bytes once, and other bytes anew', async () => {
    const { key, signed } = counted()
    const text = Buffer.from('noise-libp2p-static-key: one')
    const first = await key.sign(text)
    expect(await key.sign(Uint8Array.from(text))).toEqual(first)
    expect(signed()).toBe(1)
    const other = await key.sign(Buffer.from('two'))
    expect(other).not.toEqual(first)
    expect(await key.publicKey.verify(Buffer.from('two'), other)).toBe(true)
    expect(signed()).toBe(2)
  })

  test('is not misled by whoever changes the bytes afterwards', async () => {
    const { key } = counted()
    const text = Buffer.from('one')
    await key.sign(text)
    text.write('two')
    expect(await key.publicKey.verify(text, await key.sign(text))).toBe(true)
  })

  test('is the same key in all else', () => {
    const key = privateKeyFromBytes(bytes)
    const remembering = rememberSignature(key)
    expect(remembering.type).toBe('Ed25519')
    expect(remembering.equals(key)).toBe(true)
    expect(remembering.publicKey.equals(key.publicKey)).toBe(true)
    expect(remembering.raw).toEqual(key.raw)
  })
})

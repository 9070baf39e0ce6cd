import { noise, pureJsCrypto } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { createLibp2p } from 'libp2p'
import { afterEach, describe, expect, test } from 'vitest'
import { noiseCrypto } from '../../../src/network/patch/noise-crypto.ts'
import { dialingNode, listener, stopAll, TCP } from '../../support/network/two-nodes.ts'
import { uncaughtFrom } from '../../support/network/uncaught.ts'

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

  test('refuses loudly a copy of what stands for a private key', async () => {
    const { privateKey, publicKey } = noiseCrypto.generateX25519KeyPair()
    const uncaught = await uncaughtFrom(() => {
      const copy = Uint8Array.from(privateKey)
      expect(() => noiseCrypto.generateX25519SharedKey(copy, publicKey)).toThrow()
    })
    expect(uncaught).toMatchObject({
      code: 'dependency_changed',
      package: '@chainsafe/libp2p-noise',
      version: '17.0.0',
    })
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

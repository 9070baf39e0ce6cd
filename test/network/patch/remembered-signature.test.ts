import type { PrivateKey } from '@libp2p/interface'
import { describe, expect, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { rememberSignature } from '../../../src/network/patch/remembered-signature.ts'

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

  test('is refused where it is not all that: a key without sign, or with fields that only itself can read', () => {
    const key = privateKeyFromBytes(bytes)
    const withoutSign: PrivateKey = Object.create(key, { sign: { value: undefined } })
    expect(() => rememberSignature(withoutSign)).toThrow(
      expect.objectContaining({
        code: 'dependency_changed',
        package: '@libp2p/crypto',
        version: '5.1.23',
        member: 'PrivateKey.sign',
      }),
    )
    class Private {
      readonly #key = key
      get publicKey() {
        return this.#key.publicKey
      }
    }
    const hidden: PrivateKey = Object.create(key, {
      publicKey: { get: () => Reflect.get(Private.prototype, 'publicKey', hidden) },
    })
    expect(() => rememberSignature(hidden)).toThrow(
      expect.objectContaining({ member: 'PrivateKey without private fields' }),
    )
  })
})

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SecretError } from '../../../src/protocol/errors.ts'
import type { LinkContent } from '../../../src/protocol/link/link.ts'
import {
  linkHash,
  secretFromText,
  secretHashOf,
  secretToText,
  tokenIdOf,
} from '../../../src/protocol/link/secret.ts'
import { linkContent, secret } from '../../support/protocol/arbitraries.ts'

const counting = Uint8Array.from({ length: 16 }, (_, index) => index)

describe('a token secret', () => {
  it('has this token id and this hash, for ever', () => {
    expect(tokenIdOf(counting)).toBe('w556hbr6ssjk67uc')
    expect(Buffer.from(secretHashOf(counting)).toString('hex')).toBe(
      'b7a93fa37d49d9352bfc87c3cc593c87fc1baea81b7097b9fdf5dfa6dcd4d051',
    )
  })

  it('has an id and a hash in which nothing of each other or of a plain hash is found', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        const id = tokenIdOf(bytes)
        const hash = Buffer.from(secretHashOf(bytes)).toString('hex')
        expect(id).toMatch(/^[a-z2-7]{16}$/)
        expect(hash).not.toBe(createHash('sha256').update(bytes).digest('hex'))
        expect(hash).not.toContain(Buffer.from(bytes).toString('hex'))
      }),
    )
  })

  it('travels as 22 characters, and comes back', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        expect(secretToText(bytes)).toHaveLength(22)
        expect(secretFromText(secretToText(bytes))).toEqual(bytes)
      }),
    )
  })

  it.each([
    '',
    'A'.repeat(21),
    'A'.repeat(23),
    `${'A'.repeat(21)}B`,
    `${'A'.repeat(21)}=`,
    `${'A'.repeat(20)}+A`,
    ` ${'A'.repeat(21)}`,
    `${'A'.repeat(22)}\n`,
  ])('is not read from %j, and the error does not repeat it', (text) => {
    expect(() => secretFromText(text)).toThrow(SecretError)
    expect(() => secretFromText(text)).toThrow(/^this is not a token secret$/)
  })
})

describe('a link hash', () => {
  const base: LinkContent = {
    role: 'foil',
    secret: counting,
    expiresAt: 1_800_000_000,
    publicKey: new Uint8Array(32).fill(7),
    addresses: ['/ip4/192.0.2.7/tcp/4001'],
  }

  it('has this value, for ever', () => {
    expect(linkHash(base)).toBe('2626c47ba9ab1b71e228ebead7e77e2e964dfa80e6712e5c7347170e39beb121')
  })

  it('is the same whatever addresses fitted into the QR code', () => {
    expect(linkHash({ ...base, addresses: [] })).toBe(linkHash(base))
  })

  it('differs when anything else does', () => {
    fc.assert(
      fc.property(linkContent, linkContent, (one, other) => {
        expect(linkHash(one)).not.toBe(linkHash(other))
        const others: Partial<LinkContent>[] = [
          { role: one.role === 'stock' ? 'foil' : 'stock' },
          { secret: other.secret },
          { expiresAt: one.expiresAt ^ 1 },
          { publicKey: other.publicKey },
        ]
        const hashes = others.map((part) => linkHash({ ...one, ...part }))
        expect(new Set([linkHash(one), ...hashes]).size).toBe(5)
      }),
    )
  })
})

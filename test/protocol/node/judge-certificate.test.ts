import fc from 'fast-check'
import { expect, test } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { certificateFault } from '../../../src/protocol/node/judge-certificate.ts'
import {
  nodeCertificateFromBytes,
  signNodeCertificate,
} from '../../../src/protocol/node/node-certificate.ts'
import { signingKey } from '../../support/signing-key.ts'

const PARTY = signingKey(Buffer.alloc(32, 1))
const NODE = signingKey(Buffer.alloc(32, 2))
const OTHER = signingKey(Buffer.alloc(32, 3))
const [party, node, other] = [PARTY, NODE, OTHER].map((key) => peerIdOfPublicKey(key.publicKey))

const CONTENT = {
  party: party ?? '',
  node: node ?? '',
  name: 'a',
  serial: 1,
  validFrom: 1_790_000_000,
  validUntil: 1_790_000_600,
}
const CERTIFICATE = signNodeCertificate(CONTENT, PARTY.sign)
const ASKED = { party: party ?? '', node: node ?? '', now: 1_790_000_300_000 }

test('a certificate that the party has signed is good for its node in its time', () => {
  expect(certificateFault(CERTIFICATE, ASKED)).toBeUndefined()
})

test.each([
  ['other_party', { party: other ?? '' }],
  ['other_node', { node: other ?? '' }],
  ['other_node', { node: party ?? '' }],
  ['early', { now: 1_790_000_000_000 - 1 }],
  ['lapsed', { now: 1_790_000_600_000 }],
] as const)('a certificate is %s if it is asked about %j', (fault, asked) => {
  expect(certificateFault(CERTIFICATE, { ...ASKED, ...asked })).toBe(fault)
})

test('a certificate is good to the very ends of its time', () => {
  for (const now of [1_790_000_000_000, 1_790_000_600_000 - 1]) {
    expect(certificateFault(CERTIFICATE, { ...ASKED, now })).toBeUndefined()
  }
})

test('a certificate that somebody else has signed in the name of the party is forged', () => {
  for (const key of [NODE, OTHER]) {
    expect(certificateFault(signNodeCertificate(CONTENT, key.sign), ASKED)).toBe('forged')
  }
})

test('no byte of a certificate can be changed unnoticed', () => {
  const { bytes } = CERTIFICATE
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ (1 << bit)
      const read = ((): ReturnType<typeof nodeCertificateFromBytes> | undefined => {
        try {
          return nodeCertificateFromBytes(changed)
        } catch {
          return undefined
        }
      })()
      if (read !== undefined) expect(certificateFault(read, ASKED)).toBeDefined()
    }),
  )
})

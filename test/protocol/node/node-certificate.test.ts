import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import {
  MAX_CERTIFICATE_BYTES,
  MAX_CERTIFICATE_SECONDS,
  type NodeCertificateContent,
  nodeCertificateFromBytes,
  nodeCertificateFromText,
  nodeCertificateToText,
  signNodeCertificate,
} from '../../../src/protocol/node/node-certificate.ts'
import { signingKey } from '../../support/signing-key.ts'

const PARTY = signingKey(Buffer.alloc(32, 1))
const NODE = signingKey(Buffer.alloc(32, 2))
const CONTENT: NodeCertificateContent = {
  party: peerIdOfPublicKey(PARTY.publicKey),
  node: peerIdOfPublicKey(NODE.publicKey),
  name: 'till-2',
  serial: 7,
  validFrom: 1_790_000_000,
  validUntil: 1_790_600_000,
}

/** Fixed for ever: who implements this elsewhere can compare. See docs/nodes.md. */
const TEXT =
  'taleus-node:AYqI4910CfGV_VLbLTy6XXLKZwm_HZQSG_N0iAG0D29cgTl3Dqh9F19Wo1Rmw0x-zMuNipG07jeiXfYPW4_Js5QAAAAHarE7gGq6Y0AGdGlsbC0y-KvKcZL0VUDeIsO9a4P6Q-oB3jZOc5YA9J4X-CRRa3g4vj8IluIh8cJSgKEop2cPyja4YW_v2VUVlI2GtyiSAA'

const contents: fc.Arbitrary<NodeCertificateContent> = fc
  .record({
    name: fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/),
    serial: fc.integer({ min: 0, max: 4_294_967_295 }),
    validFrom: fc.integer({ min: 0, max: 4_294_967_295 - MAX_CERTIFICATE_SECONDS }),
    seconds: fc.integer({ min: 1, max: MAX_CERTIFICATE_SECONDS }),
  })
  .map(({ seconds, ...rest }) => ({
    ...CONTENT,
    ...rest,
    validUntil: rest.validFrom + seconds,
  }))

describe('a node certificate', () => {
  it('has these very characters', () => {
    const made = signNodeCertificate(CONTENT, PARTY.sign)
    expect(nodeCertificateToText(made)).toBe(TEXT)
    expect(nodeCertificateFromText(TEXT)).toEqual(made)
  })

  it('is read as it was written, within its bound', () => {
    fc.assert(
      fc.property(contents, (content) => {
        const made = signNodeCertificate(content, PARTY.sign)
        expect(made.bytes.length).toBeLessThanOrEqual(MAX_CERTIFICATE_BYTES)
        expect(nodeCertificateFromBytes(made.bytes)).toEqual(made)
        expect(nodeCertificateFromText(` ${nodeCertificateToText(made)}\r\n`)).toEqual(made)
      }),
      { numRuns: 50 },
    )
  })

  it('has one spelling: whatever else is read is written as it was', () => {
    const { bytes } = signNodeCertificate(CONTENT, PARTY.sign)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ change
        const read = readOrCode(changed)
        if (typeof read !== 'string') expect(read.bytes).toEqual(changed)
        else expect(read).toBe('node_certificate_malformed')
      }),
    )
  })

  it('is refused as any other bytes, by its own error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: MAX_CERTIFICATE_BYTES + 1 }), (bytes) => {
        const read = readOrCode(bytes)
        if (typeof read === 'string') expect(read).toBe('node_certificate_malformed')
      }),
    )
  })

  it('is refused cut off, with more behind it, and in another spelling of the same bytes', () => {
    const made = signNodeCertificate(CONTENT, PARTY.sign)
    const text = nodeCertificateToText(made)
    const others = [text.slice(0, -1), `${text}A`, text.toUpperCase(), text.slice(1), '', 'x']
    for (const other of others) {
      expect(() => nodeCertificateFromText(other)).toThrow('not a whole node certificate')
    }
    expect(() => nodeCertificateFromText(`${text}${' '.repeat(512)}`)).toThrow('not a whole')
  })

  it('of a later version is one of a newer taleus', () => {
    const { bytes } = signNodeCertificate(CONTENT, PARTY.sign)
    const later = bytes.slice()
    later[0] = 2
    expect(() => nodeCertificateFromBytes(later)).toThrow('newer taleus')
  })
})

test.each<[string, Partial<NodeCertificateContent>]>([
  ['itself', { node: CONTENT.party }],
  ['name', { name: '' }],
  ['name', { name: 'a'.repeat(33) }],
  ['name', { name: 'Till' }],
  ['name', { name: '-till' }],
  ['name', { name: 'till\u001b' }],
  ['number', { serial: -1 }],
  ['number', { serial: 4_294_967_296 }],
  ['number', { validUntil: 1.5 }],
  ['time', { validUntil: CONTENT.validFrom }],
  ['time', { validUntil: CONTENT.validFrom + MAX_CERTIFICATE_SECONDS + 1 }],
])('no certificate is made with a bad %s: %j', (problem, change) => {
  const make = () => signNodeCertificate({ ...CONTENT, ...change }, PARTY.sign)
  expect(make).toThrow(expect.objectContaining({ code: 'node_certificate_malformed', problem }))
})

function readOrCode(bytes: Uint8Array) {
  try {
    return nodeCertificateFromBytes(bytes)
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error'
  }
}

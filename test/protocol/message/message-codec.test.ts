import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { MessageError, MessageTooLargeError } from '../../../src/protocol/errors.ts'
import type { JsonValue } from '../../../src/protocol/json/json-value.ts'
import { decodeMessage, encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type {
  Approval,
  InboundContact,
  Message,
  Offer,
} from '../../../src/protocol/message/messages.ts'
import { message } from '../../support/protocol/arbitraries.ts'

const partyId = peerIdOfPublicKey(new Uint8Array(32).fill(1))
const secret = 'AAECAwQFBgcICQoLDA0ODw'

const contact: InboundContact = {
  type: 'InboundContact',
  bootstrapId: 'b-1',
  secret,
  partyId,
  role: 'stock',
  identity: { name: 'Bob' },
  cadre: [`/ip4/192.0.2.7/tcp/4001/p2p/${partyId}`],
}

const approval: Approval = {
  type: 'ProvisioningResult',
  approved: true,
  sessionId: 's-1',
  redemptionId: 'r-1',
  role: 'stock',
  partyId,
  identity: {},
  cadre: [],
  terms: null,
  tallyId: 'abcdefghijklmnopqrstuvwxyz',
  approvedAt: 1_800_000_000_000,
  built: {
    tally: { tallyId: 'abcdefghijklmnopqrstuvwxyz', createdBy: 'stock' },
    database: { engine: 'automerge', endpoint: 'automerge:x', credentialsRef: 'peer-id' },
    draft: { text: '{}', sha256: 'a'.repeat(64) },
  },
}

const offer: Offer = {
  type: 'Offer',
  role: 'foil',
  terms: { note: 'lunch' },
  required: ['name'],
  optional: [],
  expiresAt: 1_800_000_000,
}

function bytesOf(json: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(json))
}

function pathOf(json: unknown): string | undefined {
  try {
    decodeMessage(bytesOf(json))
    return undefined
  } catch (error) {
    if (error instanceof MessageError) return error.path
    throw error
  }
}

function texts(count: number, length: number): readonly string[] {
  return Array<string>(count).fill('a'.repeat(length))
}

function bundle(count: number, length: number): Record<string, string> {
  return Object.fromEntries(texts(count, length).map((text, index) => [`f${index}`, text]))
}

describe('a message', () => {
  it('comes back as it was sent, whatever it says', () => {
    fc.assert(
      fc.property(message, (original) => {
        const expected: unknown = JSON.parse(JSON.stringify(original))
        expect(decodeMessage(encodeMessage(original))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('loses the fields that we do not know', () => {
    const built = { ...approval.built, more: 1 }
    expect(decodeMessage(bytesOf({ ...approval, built, more: { deep: [1] } }))).toEqual(approval)
  })

  it('that needs an extension is refused, since we know of none', () => {
    expect(pathOf({ ...contact, critical: ['escrow'] })).toBe('critical')
    expect(pathOf({ ...contact, critical: 'escrow' })).toBe('critical')
    expect(decodeMessage(bytesOf({ ...contact, critical: [] }))).toEqual(contact)
  })

  it.each<[string, unknown]>([
    ['type', {}],
    ['type', { type: 'toString' }],
    ['type', { type: ['Inspect'] }],
    ['approved', { ...approval, approved: 'true' }],
    ['secret', { type: 'Inspect', secret: `${secret}A` }],
    ['secret', { type: 'Inspect', secret: `${secret.slice(0, -1)}x` }],
    ['secret', { type: 'Inspect' }],
    ['secret', { type: 'Decline', secret: null }],
    ['bootstrapId', { ...contact, bootstrapId: '' }],
    ['bootstrapId', { ...contact, bootstrapId: 'a\u001b[2J' }],
    ['partyId', { ...contact, partyId: '0'.repeat(52) }],
    ['role', { ...contact, role: 'both' }],
    ['another', { ...contact, another: false }],
    ['identity', { ...contact, identity: [] }],
    ['identity', { ...contact, identity: { name: 1 } }],
    ['identity', { ...contact, identity: { 'na\nme': 'x' } }],
    ['identity', { ...contact, identity: { ['n'.repeat(65)]: 'x' } }],
    ['identity', { ...contact, identity: { name: 'x'.repeat(1_025) } }],
    ['identity', { ...contact, identity: bundle(33, 1) }],
    ['identity', { ...contact, identity: bundle(9, 1_000) }],
    ['cadre', { ...contact, cadre: texts(17, 1).map((text) => `/${text}`) }],
    ['cadre.0', { ...contact, cadre: ['ip4'] }],
    ['cadre.1', { ...contact, cadre: ['/a', '/ip4/\u202e'] }],
    ['cadre.0', { ...contact, cadre: [`/${'a'.repeat(256)}`] }],
    ['terms', { ...offer, terms: undefined }],
    ['terms', { ...offer, terms: texts(9, 1_000) }],
    ['required', { ...offer, required: texts(33, 1) }],
    ['required.0', { ...offer, required: [''] }],
    ['name', { ...offer, name: 'x'.repeat(257) }],
    ['name', { ...offer, name: null }],
    ['expiresAt', { ...offer, expiresAt: 2 ** 32 }],
    ['expiresAt', { ...offer, expiresAt: 1.5 }],
    ['approvedAt', { ...approval, approvedAt: -1 }],
    ['approvedAt', { ...approval, approvedAt: 8.7e15 }],
    ['buildWithinMs', { ...approval, buildWithinMs: 2 ** 31 }],
    [
      'built.database.endpoint',
      {
        ...approval,
        built: {
          ...approval.built,
          database: { engine: 'a', endpoint: 'a b', credentialsRef: 'c' },
        },
      },
    ],
    [
      'built.draft.text',
      {
        ...approval,
        built: { ...approval.built, draft: { text: 'ü'.repeat(16_385), sha256: 'a'.repeat(64) } },
      },
    ],
    [
      'built.draft.sha256',
      { ...approval, built: { ...approval.built, draft: { text: '{}', sha256: 'A'.repeat(64) } } },
    ],
    ['code', { type: 'ProvisioningResult', approved: false, code: 'no', reason: '' }],
    [
      'reason',
      { type: 'ProvisioningResult', approved: false, code: 'busy', reason: 'x'.repeat(513) },
    ],
    ['seen', { ...contact, seen: [1, 2, 3, 4, 5] }],
    ['seen.1', { type: 'Inspect', secret: 'A'.repeat(22), seen: [1, 0] }],
    ['seen.0', { type: 'Checkpoint', seen: [1.5] }],
    ['note', { type: 'Checkpoint', note: 'x'.repeat(2_049) }],
    ['proofs.0.from', { type: 'Checkpoint', proofs: [{ from: '1', hashes: [] }] }],
    [
      'proofs.0.hashes',
      { type: 'Checkpoint', proofs: [{ from: 1, hashes: Array(55).fill('a'.repeat(64)) }] },
    ],
    ['proofs.0.hashes.0', { type: 'Checkpoint', proofs: [{ from: 1, hashes: ['A'.repeat(64)] }] }],
  ])('with a bad %s is refused by that name', (path, json) => {
    expect(pathOf(json)).toBe(path)
  })

  it('that is no strict JSON is refused, and says why', () => {
    const twice = Buffer.from('{"type":"Inspect","secret":"a","secret":"b"}')
    expect(() => decodeMessage(twice)).toThrow(
      expect.objectContaining({ code: 'malformed', path: '', json: 'duplicate_name' }),
    )
  })

  it('shows nothing of its fields when it is refused', () => {
    const hostile = 'HOSTILE\u001b[31m'
    const refused: unknown[] = [
      { type: hostile },
      { ...contact, secret: hostile },
      { ...contact, identity: { [hostile]: 'x' } },
      { ...contact, identity: { name: [hostile] } },
      { ...offer, required: [hostile] },
      { ...contact, critical: [hostile] },
    ]
    for (const json of refused) {
      try {
        decodeMessage(bytesOf(json))
        expect.unreachable()
      } catch (error) {
        expect(error).toBeInstanceOf(MessageError)
        const shown = error instanceof Error ? error.stack + JSON.stringify(error) : ''
        expect(shown).not.toContain('HOSTILE')
      }
    }
  })
})

describe('encoding a message', () => {
  it.each<[string, Message]>([
    ['a lone surrogate', { ...contact, identity: { name: '\ud800' } }],
    ['a field that is too long', { ...contact, bootstrapId: 'x'.repeat(65) }],
    ['a forbidden name in the terms', { ...offer, terms: JSON.parse('{"constructor":1}') }],
    [
      'terms that are too deep',
      { ...offer, terms: Array.from({ length: 17 }).reduce<JsonValue>((inner) => [inner], []) },
    ],
  ])('refuses %s, as the other side would', (_what, bad) => {
    expect(() => encodeMessage(bad)).toThrow(MessageError)
  })

  it('refuses what no frame can hold', () => {
    const large: Offer = { ...offer, terms: 'x'.repeat(70_000) }
    expect(() => encodeMessage(large)).toThrow(MessageTooLargeError)
  })

  it('has room for an answer in which everything is as large as it may be', () => {
    const largest: Approval = {
      ...approval,
      identity: bundle(8, 1_000),
      cadre: texts(16, 255).map((text) => `/${text}`),
      terms: texts(8, 1_000),
      built: {
        tally: { tallyId: 't'.repeat(128), createdBy: 'stock' },
        database: {
          engine: 'e'.repeat(64),
          endpoint: 'x'.repeat(1_024),
          credentialsRef: 'c'.repeat(256),
        },
        draft: { text: `${'x'.repeat(24_576)}${'"'.repeat(8_190)}`, sha256: 'a'.repeat(64) },
      },
    }
    expect(decodeMessage(encodeMessage(largest))).toEqual(largest)
  })
})

describe('what is sent', () => {
  const odd = fc.oneof(
    fc.constantFrom<JsonValue>('\ud800', 2 ** 53, { constructor: 1 }, { a: [{ prototype: 0 }] }),
    fc.integer({ min: 1, max: 24 }).map((depth) => nested(depth)),
    fc.nat(1_100).map((count) => Array<number>(count * 2).fill(0)),
    fc.string({ maxLength: 9_000 }),
  )

  it('is refused exactly if the other side would refuse it', () => {
    fc.assert(
      fc.property(message, odd, (some, value) => {
        const said = 'terms' in some ? { ...some, terms: value } : some
        expect(outcome(() => encodeMessage(said))).toEqual(
          outcome(() => void decodeMessage(bytesOf(said))),
        )
      }),
      { numRuns: 1_000 },
    )
  })
})

function nested(depth: number): JsonValue {
  return depth === 0 ? 1 : [nested(depth - 1)]
}

function outcome(work: () => unknown): string {
  try {
    work()
    return 'taken'
  } catch (error) {
    if (!(error instanceof MessageError)) throw error
    return `refused at ${error.path}, ${error.json}`
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../src/protocol/base/digest.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import type { DraftHalf, DraftInput, TallyOrigin } from '../../../src/protocol/draft/draft.ts'
import {
  buildDraft,
  checkDraft,
  DraftMalformedError,
  DraftTooLargeError,
  parseDraft,
  tallyIdOf,
} from '../../../src/protocol/draft/draft.ts'
import { canonicalJson } from '../../../src/protocol/json/canonical-json.ts'
import type { DraftText } from '../../../src/protocol/message/messages.ts'
import { cadre, identity, jsonValue, peerId, role } from '../../support/protocol/arbitraries.ts'

const alice = peerIdOfPublicKey(new Uint8Array(32).fill(1))
const bob = peerIdOfPublicKey(new Uint8Array(32).fill(2))

const origin: TallyOrigin = { tokenId: 'abcdefghijklmnop', use: 1, inviter: alice, invitee: bob }
const input: DraftInput = {
  tallyId: tallyIdOf(origin),
  createdAt: 1_800_000_000_123,
  createdBy: 'stock',
  stock: {
    partyId: alice,
    identity: { name: 'Alice' },
    cadre: [`/dns4/a.example/tcp/1/p2p/${alice}`],
  },
  foil: { partyId: bob, identity: { name: 'Bob', email: 'bob@example.org' }, cadre: [] },
  terms: { note: 'lunch, Tuesday', limit: 100 },
}

const half: fc.Arbitrary<DraftHalf> = fc.record({ partyId: peerId, identity, cadre })
const anyInput: fc.Arbitrary<DraftInput> = fc.record({
  tallyId: fc.stringMatching(/^[a-z2-7]{26}$/),
  createdAt: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  createdBy: role,
  stock: half,
  foil: half,
  terms: jsonValue,
})

function textOf(text: string): DraftText {
  return { text, sha256: sha256Hex(text) }
}

function changed(change: object): string {
  return canonicalJson({ ...JSON.parse(buildDraft(input).text), ...change })
}

describe('a tally id', () => {
  it('is this one, for ever', () => {
    expect(tallyIdOf(origin)).toBe('hfxlguljhmex6jla33u7t3wfde')
  })

  it('differs when anything differs, and also when the two parties change places', () => {
    const ids = [
      origin,
      { ...origin, tokenId: 'abcdefghijklmnoq' },
      { ...origin, use: 2 },
      { ...origin, inviter: bob, invitee: alice },
      { ...origin, invitee: alice },
    ].map(tallyIdOf)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z2-7]{26}$/)
  })
})

describe('a draft', () => {
  it('has these very bytes, for ever', () => {
    expect(buildDraft(input)).toEqual({
      text: '{"createdAt":"2027-01-15T08:00:00.123Z","createdBy":"stock","foil":{"cadre":[],"identity":{"email":"bob@example.org","name":"Bob"},"partyId":"12D3KooW9xCm2jWjNVrwh51SWCQBMYdMyeU3NpT85QhLVkF6PcNM"},"protocol":"2.0.0","state":"draft","stock":{"cadre":["/dns4/a.example/tcp/1/p2p/12D3KooW9tHTtS3inCZiYykw4u5G4frbjVFqhkmJX12gSNCVeH3e"],"identity":{"name":"Alice"},"partyId":"12D3KooW9tHTtS3inCZiYykw4u5G4frbjVFqhkmJX12gSNCVeH3e"},"tallyId":"hfxlguljhmex6jla33u7t3wfde","terms":{"limit":100,"note":"lunch, Tuesday"}}',
      sha256: 'be3bc7ca7ae5fd52ec46bf62b7ada612ae0a40e145e1e5181083609eae585f4b',
    })
  })

  it('is the same text from both sides, and reads back', () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const draft = buildDraft(any)
        expect(buildDraft(structuredClone(any))).toEqual(draft)
        expect(checkDraft(draft, any)).toBeUndefined()
        const { createdAt, ...rest } = parseDraft(draft.text)
        const again: DraftInput = { ...rest, createdAt: Date.parse(createdAt) }
        expect(buildDraft(again)).toEqual(draft)
      }),
    )
  })

  it('takes nothing from its input but what a draft has', () => {
    const more = { ...input, stock: { ...input.stock, secret: 'x' }, more: 1 }
    expect(buildDraft(more)).toEqual(buildDraft(input))
  })

  it('that no message could carry is not built', () => {
    const wide = (text: string): DraftInput => ({ ...input, terms: text })
    expect(() => buildDraft(wide('x'.repeat(32_768)))).toThrow(DraftTooLargeError)
    expect(() => buildDraft(wide('"'.repeat(16_000)))).toThrow(DraftTooLargeError)
    expect(buildDraft(wide('x'.repeat(30_000))).text.length).toBeGreaterThan(30_000)
  })
})

describe('checking a draft', () => {
  it.each<[string, DraftInput]>([
    ['tallyId', { ...input, tallyId: 'b'.repeat(26) }],
    ['createdAt', { ...input, createdAt: input.createdAt + 1 }],
    ['createdBy', { ...input, createdBy: 'foil' }],
    ['stock.partyId', { ...input, stock: { ...input.stock, partyId: bob } }],
    ['stock.identity', { ...input, stock: { ...input.stock, identity: { name: 'Mallory' } } }],
    ['stock.cadre', { ...input, stock: { ...input.stock, cadre: [] } }],
    ['foil.partyId', { ...input, foil: { ...input.foil, partyId: alice } }],
    ['foil.identity', { ...input, foil: { ...input.foil, identity: {} } }],
    ['foil.cadre', { ...input, foil: { ...input.foil, cadre: ['/dns/x'] } }],
    ['terms', { ...input, terms: null }],
    ['terms', { ...input, terms: { note: 'lunch, Tuesday', limit: 100.5 } }],
  ])('finds a difference in %s', (field, other) => {
    expect(checkDraft(buildDraft(other), input)).toBe(field)
  })

  it('finds a hash that is of another text', () => {
    const draft = buildDraft(input)
    expect(checkDraft({ ...draft, sha256: '0'.repeat(64) }, input)).toBe('sha256')
    expect(checkDraft({ ...draft, text: `${draft.text} ` }, input)).toBe('sha256')
  })

  it.each([
    ['text', 'white space', `${buildDraft(input).text} `],
    [
      'text',
      'another order of members',
      JSON.stringify(JSON.parse(buildDraft(input).text), ['terms']),
    ],
    ['text', 'no JSON', '{'],
    ['text', 'a name twice', buildDraft(input).text.replace('{', '{"state":"draft",')],
    ['text', 'one field more', changed({ more: 1 })],
    ['text', 'one field more inside', changed({ foil: { ...input.foil, more: 1 } })],
    ['text', 'a lone surrogate', `${buildDraft(input).text}\ud800`],
    ['text', 'too many bytes', `${buildDraft(input).text}${' '.repeat(32_768)}`],
    ['protocol', 'another protocol', changed({ protocol: '2.0.1' })],
    ['state', 'another state', changed({ state: 'open' })],
    [
      'createdAt',
      'a time written otherwise',
      changed({ createdAt: '2027-01-15T08:00:00.123+00:00' }),
    ],
    [
      'foil.identity',
      'an identity that is no bundle',
      changed({ foil: { ...input.foil, identity: { name: 1 } } }),
    ],
    ['foil', 'no half', changed({ foil: null })],
  ])('calls %s what is written with %s', (field, _what, text) => {
    const expected = field === 'text' && _what === 'another order of members' ? 'createdAt' : field
    expect(checkDraft(textOf(text), input)).toBe(expected)
  })

  it('lets no change of one character pass', () => {
    const { text } = buildDraft(input)
    const letter = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 })
    fc.assert(
      fc.property(fc.nat(text.length - 1), letter, (at, character) => {
        const other = text.slice(0, at) + character + text.slice(at + 1)
        expect(checkDraft(textOf(other), input) === undefined).toBe(other === text)
      }),
      { numRuns: 500 },
    )
  })
})

describe('reading a draft', () => {
  it.each([
    ['text', ''],
    ['text', `${buildDraft(input).text}\n`],
    ['terms', canonicalJson({ ...JSON.parse(changed({})), terms: undefined })],
    ['createdBy', changed({ createdBy: 'both' })],
    ['createdAt', changed({ createdAt: 'yesterday' })],
    ['stock.cadre', changed({ stock: { ...input.stock, cadre: 'x' } })],
    ['stock.partyId', changed({ stock: { ...input.stock, partyId: 7 } })],
    ['foil.identity', changed({ foil: { partyId: bob, cadre: [] } })],
  ])('names %s when it is wrong', (field, text) => {
    expect(() => parseDraft(text)).toThrow(
      expect.objectContaining({ code: 'draft_malformed', field }),
    )
    expect(() => parseDraft(text)).toThrow(DraftMalformedError)
  })
})

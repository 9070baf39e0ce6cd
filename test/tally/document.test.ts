import { Counter, change, ImmutableString, load, save } from '@automerge/automerge'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/protocol/json/json-value.ts'
import {
  deriveDocument,
  documentHeads,
  growsFrom,
  mergeDocuments,
  openDocument,
  readDocument,
  setKey,
} from '../../src/tally/document.ts'
import {
  DraftOverwrittenError,
  TallyChangesInvalidError,
  TallyDocumentDamagedError,
  TallyValueError,
} from '../../src/tally/errors.ts'

const DRAFT = '{"createdBy":"stock","state":"draft","tallyId":"tally-1","v":1}'
const DERIVED = deriveDocument('tally-1', DRAFT)

function set(bytes: Uint8Array, peerId: string, key: string, value: JsonValue, at = 0) {
  return setKey(bytes, { peerId, key, value, at })
}

/** Two documents are one when they have the same history and show the same. */
function expectEqual(a: Uint8Array, b: Uint8Array): void {
  expect(documentHeads(a)).toEqual(documentHeads(b))
  expect(readDocument(a)).toEqual(readDocument(b))
}

describe('a derived document', () => {
  it('has the bytes and the change that it always had', () => {
    expect(Buffer.from(DERIVED).toString('hex')).toMatchInlineSnapshot(
      `"856f4a836222365100b1010110259c883665715c338cc4017e3f35c7ee01e83b6be00b785b8dcef6befc827054a1d37f6bbeb806ed7cbe97a19decd6d1c50601020302130223024002560208150721022302340142025603573f8001027f007f017f017f007f007f077f0564726166747f007f01017f017ff6077b22637265617465644279223a2273746f636b222c227374617465223a226472616674222c2274616c6c794964223a2274616c6c792d31222c2276223a317d7f0000"`,
    )
    expect(documentHeads(DERIVED)).toMatchInlineSnapshot(`
      [
        "e83b6be00b785b8dcef6befc827054a1d37f6bbeb806ed7cbe97a19decd6d1c5",
      ]
    `)
  })

  it('has the bytes that it always had when the draft is large', () => {
    const large = deriveDocument('tally-2', JSON.stringify({ text: 'pound £ '.repeat(4000) }))
    expect(documentHeads(large)).toMatchInlineSnapshot(`
      [
        "c8f8b5c8636cec8375084bb5ef9477057f81d8e268b3584df7282cec69f55c2f",
      ]
    `)
  })

  it('is the same each time, and another one for another tally or draft', () => {
    expect(deriveDocument('tally-1', DRAFT)).toEqual(DERIVED)
    const other = deriveDocument('tally-2', DRAFT)
    const changed = deriveDocument('tally-1', `${DRAFT} `)
    expect(documentHeads(other)).not.toEqual(documentHeads(DERIVED))
    expect(documentHeads(changed)).not.toEqual(documentHeads(DERIVED))
    expect(growsFrom(DERIVED, 'tally-1', DRAFT)).toBe(true)
    expect(growsFrom(DERIVED, 'tally-2', DRAFT)).toBe(false)
    expect(growsFrom(DERIVED, 'tally-1', `${DRAFT} `)).toBe(false)
  })

  it('shows the draft, parsed', () => {
    expect(readDocument(DERIVED)).toEqual({ draft: JSON.parse(DRAFT) })
  })
})

describe('setting a key', () => {
  it('shows in the document, beside the draft', () => {
    const { bytes } = set(DERIVED, 'alice', 'note', { text: 'hi', list: [1, 'two', null] })
    expect(readDocument(bytes)).toEqual({
      draft: JSON.parse(DRAFT),
      note: { text: 'hi', list: [1, 'two', null] },
    })
  })

  it('gives back every value that JSON can say', () => {
    const value = fc.jsonValue({ maxDepth: 5 })
    fc.assert(
      fc.property(fc.string(), value, (key, json) => {
        const text = JSON.stringify(json)
        fc.pre(key !== 'draft' && key !== '__proto__')
        fc.pre(!text.includes('__proto__') && !/\de\+?\d|\d{16}/.test(text))
        const said: JsonValue = JSON.parse(text)
        expect(readDocument(set(DERIVED, 'alice', key, said).bytes)[key]).toEqual(said)
      }),
    )
  })

  it.each([2 ** 53 - 1, 1 - 2 ** 53, -5e-324, 0.1])('gives back the number %d', (n) => {
    expect(readDocument(set(DERIVED, 'alice', 'n', n).bytes)['n']).toBe(n)
    expect(readDocument(set(DERIVED, 'alice', 'n', [{ n }]).bytes)['n']).toEqual([{ n }])
  })

  it.each([2 ** 53, -(2 ** 53), 2 ** 64, 1e300])('refuses the number %d', (n) => {
    expect(() => set(DERIVED, 'alice', 'n', n)).toThrow(TallyValueError)
    expect(() => set(DERIVED, 'alice', 'n', [{ n }])).toThrow(TallyValueError)
  })

  it('twice the same way after a crash gives one change', () => {
    const edit = { peerId: 'alice', key: 'note', value: 'hi', at: 1_780_000_000_000 }
    const [once, again] = [setKey(DERIVED, edit), setKey(DERIVED, edit)]
    expect(again.change).toEqual(once.change)
    expect(documentHeads(mergeDocuments(once.bytes, again.bytes))).toEqual(
      documentHeads(once.bytes),
    )
  })

  it('from a restored backup merges with what was written since the backup', () => {
    const lost = set(set(DERIVED, 'alice', 'a', 1).bytes, 'alice', 'a', 2)
    const restored = set(DERIVED, 'alice', 'a', 3)
    const merged = mergeDocuments(lost.bytes, restored.bytes)
    expectEqual(merged, mergeDocuments(restored.bytes, lost.bytes))
  })

  it('is refused for the draft, and for what a document would not give back', () => {
    expect(() => set(DERIVED, 'alice', 'draft', 'other')).toThrow(DraftOverwrittenError)
    expect(() => set(DERIVED, 'alice', '__proto__', 1)).toThrow(TallyValueError)
    expect(() => set(DERIVED, 'alice', 'k', JSON.parse('{"__proto__":1}'))).toThrow(TallyValueError)
    expect(() => set(DERIVED, 'alice', 'k', ['half \ud800'])).toThrow(TallyValueError)
    expect(() => set(DERIVED, 'alice', 'k', { '\udc00': 1 })).toThrow(TallyValueError)
    expect(() => set(DERIVED, 'alice', 'k', Number.NaN)).toThrow(TallyValueError)
    const deep: JsonValue = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`)
    expect(() => set(DERIVED, 'alice', 'k', deep)).toThrow(TallyValueError)
  })
})

describe('two replicas', () => {
  it('derived apart and written on both sides end equal, by changes alone', () => {
    const alice = set(deriveDocument('tally-1', DRAFT), 'alice', 'a', 'from alice')
    const bob = set(deriveDocument('tally-1', DRAFT), 'bob', 'b', 'from bob')
    const [atAlice, atBob] = [
      mergeDocuments(alice.bytes, bob.change),
      mergeDocuments(bob.bytes, alice.change),
    ]
    expectEqual(atAlice, atBob)
    expect(readDocument(atBob)).toEqual({
      draft: JSON.parse(DRAFT),
      a: 'from alice',
      b: 'from bob',
    })
  })

  it('agree on one of two values for one key', () => {
    const alice = set(DERIVED, 'alice', 'k', 'hers')
    const bob = set(DERIVED, 'bob', 'k', 'his')
    const atAlice = mergeDocuments(alice.bytes, bob.change)
    expectEqual(atAlice, mergeDocuments(bob.bytes, alice.change))
    expect(['hers', 'his']).toContain(readDocument(atAlice)['k'])
  })

  it('end equal whoever writes what, and in whatever order the changes arrive', () => {
    const edit = fc.record({
      side: fc.constantFrom('alice', 'bob'),
      key: fc.constantFrom('a', 'b', 'c'),
      value: fc.oneof(fc.integer(), fc.string(), fc.constant({ deep: ['x'] })),
      meet: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.array(edit, { maxLength: 8 }),
        fc.infiniteStream(fc.nat()),
        (edits, random) => {
          const sides = { alice: DERIVED, bob: DERIVED }
          const changes: Uint8Array[] = [DERIVED]
          for (const [at, { side, key, value, meet }] of edits.entries()) {
            const edited = setKey(sides[side], { peerId: side, key, value, at })
            sides[side] = edited.bytes
            changes.push(edited.change)
            if (meet) sides.alice = sides.bob = mergeDocuments(sides.alice, sides.bob)
          }
          const shuffled = changes
            .map((change) => ({ change, order: random.next().value }))
            .sort((a, b) => a.order - b.order)
            .map(({ change }) => change)
          const merged = mergeDocuments(sides.alice, sides.bob)
          expectEqual(merged, mergeDocuments(sides.bob, sides.alice))
          expectEqual(merged, openDocument([...shuffled, ...shuffled]))
        },
      ),
      { numRuns: 50 },
    )
  })

  it('of different drafts never merge', () => {
    const other = DRAFT.replace('stock', 'foil')
    const sameTally = deriveDocument('tally-1', other)
    expect(() => mergeDocuments(DERIVED, sameTally)).toThrow(TallyChangesInvalidError)
    expect(() => mergeDocuments(sameTally, DERIVED)).toThrow(TallyChangesInvalidError)
  })

  it('never change the draft, whatever the other party writes over it', () => {
    const overwriting = change(load<Record<string, unknown>>(DERIVED), (document) => {
      document['draft'] = new ImmutableString('{"state":"settled"}')
    })
    expect(() => mergeDocuments(DERIVED, save(overwriting))).toThrow(DraftOverwrittenError)
    const deleting = change(load<Record<string, unknown>>(DERIVED), (document) => {
      delete document['draft']
    })
    expect(() => mergeDocuments(DERIVED, save(deleting))).toThrow(DraftOverwrittenError)
  })

  it('show whatever Automerge can hold, as JSON', () => {
    const theirs = change(load<Record<string, unknown>>(DERIVED), (document) => {
      document['text'] = 'letters'
      document['date'] = new Date(0)
      document['bytes'] = Uint8Array.of(255, 0)
      document['counter'] = new Counter(3)
      document['large'] = 2 ** 60
      document['list'] = [new Date(0), { no: 1.5 }]
    })
    expect(readDocument(mergeDocuments(DERIVED, save(theirs)))).toEqual({
      draft: JSON.parse(DRAFT),
      text: 'letters',
      date: '1970-01-01T00:00:00.000Z',
      bytes: '_wA',
      counter: 3,
      large: '1152921504606846976',
      list: ['1970-01-01T00:00:00.000Z', { no: 1.5 }],
    })
  })
})

describe('a damaged document', () => {
  it('is never read as another one, whichever byte was hit', () => {
    const { bytes } = set(DERIVED, 'alice', 'note', 'hello')
    const whole = readDocument(bytes)
    fc.assert(
      fc.property(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, flip) => {
          const hit = bytes.with(at, (bytes[at] ?? 0) ^ flip)
          try {
            expect(readDocument(hit)).toEqual(whole)
          } catch (error) {
            expect(error).toBeInstanceOf(TallyDocumentDamagedError)
          }
        },
      ),
    )
  })

  it('is never read as another one when it was cut', () => {
    const { bytes } = set(DERIVED, 'alice', 'note', 'hello')
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readDocument(bytes.subarray(0, length))).toThrow(TallyDocumentDamagedError)
    }
  })

  it('is never opened when a change in it was hit or cut', () => {
    const note = set(DERIVED, 'alice', 'note', 'hello')
    for (let at = 0; at < note.change.length; at++) {
      const hit = note.change.with(at, (note.change[at] ?? 0) ^ 0x41)
      expect(() => openDocument([DERIVED, hit])).toThrow(TallyDocumentDamagedError)
      const cut = note.change.subarray(0, at)
      if (at > 0) expect(() => openDocument([DERIVED, cut])).toThrow(TallyDocumentDamagedError)
    }
  })

  it('is told when a change in the middle is missing', () => {
    const first = set(DERIVED, 'alice', 'a', 1)
    const second = set(first.bytes, 'alice', 'b', 2)
    expect(() => openDocument([DERIVED, second.change])).toThrow(TallyDocumentDamagedError)
    expect(() => mergeDocuments(DERIVED, second.change)).toThrow(TallyChangesInvalidError)
  })

  it('is told apart from what the other party sends', () => {
    const { bytes, change: good } = set(DERIVED, 'alice', 'a', 1)
    const bad = good.slice(0, -1)
    expect(() => mergeDocuments(bytes, bad)).toThrow(TallyChangesInvalidError)
    expect(() => mergeDocuments(bytes.slice(0, -1), good)).toThrow(TallyDocumentDamagedError)
  })
})

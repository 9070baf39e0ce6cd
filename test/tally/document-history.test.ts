import * as Automerge from '@automerge/automerge'
import { describe, expect, it } from 'vitest'
import type { TallyParties } from '../../src/tally/change-author.ts'
import { deriveDocument, mergeDocuments, setKey } from '../../src/tally/document.ts'
import { actorPrefix } from '../../src/tally/document-actor.ts'
import { writtenChanges } from '../../src/tally/document-changes.ts'
import { documentConflicts } from '../../src/tally/document-conflicts.ts'
import { documentHistory } from '../../src/tally/document-history.ts'
import type { TallyEdit } from '../../src/tally/tally-edit.ts'
import { ALICE, BOB, draftOf } from '../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const ORIGIN = deriveDocument(TALLY, draftOf(TALLY))
const PARTIES: TallyParties = { stock: ALICE.peerId, foil: BOB.peerId }
const AT = 1_700_000_001_000

type Step = readonly [party: 'alice' | 'bob', key: string, value: TallyEdit['value'], at?: number]

/** The document with these edits on top, one after the other. */
function edited(bytes: Uint8Array, ...steps: readonly Step[]): Uint8Array {
  return steps.reduce((before, [party, key, value, at = AT]) => {
    const { peerId } = party === 'alice' ? ALICE : BOB
    return setKey(before, { peerId, key, value, at }).bytes
  }, bytes)
}

function historyOf(
  bytes: Uint8Array,
  filter: { key?: string; since?: number; limit?: number } = {},
) {
  return documentHistory([bytes], PARTIES, { limit: 100, ...filter })
}

/** Each key that was set, by whom, with its values. */
function told(bytes: Uint8Array, filter = {}) {
  return historyOf(bytes, filter).events.flatMap(({ author, keys, isDraft }) =>
    isDraft ? [] : keys.map(({ key, before, after }) => [author, key, before, after]),
  )
}

describe('the history of a document', () => {
  it('begins with the draft, and tells who set what, with the value before', () => {
    const bytes = edited(
      ORIGIN,
      ['alice', 'note', 'lunch'],
      ['bob', 'note', 'dinner'],
      ['bob', 'limit', { of: 250, in: ['EUR'] }],
      ['alice', 'limit', null],
    )
    const { events, total } = historyOf(bytes)
    expect(total).toBe(5)
    expect(events[0]).toMatchObject({ isDraft: true, author: undefined, at: 0 })
    expect(events[1]).toMatchObject({ isDraft: false, author: 'stock', at: AT, unsettled: [] })
    expect(told(bytes)).toEqual([
      ['stock', 'note', undefined, 'lunch'],
      ['foil', 'note', 'lunch', 'dinner'],
      ['foil', 'limit', undefined, { in: ['EUR'], of: 250 }],
      ['stock', 'limit', { in: ['EUR'], of: 250 }, null],
    ])
  })

  it('is the same on both sides, in whichever order they were merged', () => {
    const alice = edited(ORIGIN, ['alice', 'a', 1], ['alice', 'b', 2], ['alice', 'c', 3])
    const bob = edited(ORIGIN, ['bob', 'b', 20], ['bob', 'd', 4])
    const [first, second] = [mergeDocuments(alice, bob), mergeDocuments(bob, alice)]
    expect(historyOf(first)).toEqual(historyOf(second))
    const origin = historyOf(ORIGIN).events.map(({ change }) => change)
    expect(writtenChanges(first, origin, PARTIES)).toEqual(writtenChanges(second, origin, PARTIES))
    expect(historyOf(first).events).toHaveLength(6)
  })

  it('puts each change behind those that it builds on, also behind ones that do nothing', () => {
    const actor = `${actorPrefix(BOB.peerId)}0123456789abcdef`
    const empty = Automerge.emptyChange(Automerge.load<Record<string, unknown>>(ORIGIN, { actor }))
    const bytes = edited(Automerge.save(empty), ['alice', 'a', 1])
    expect(historyOf(bytes).events.map(({ author, keys }) => [author, keys.length])).toEqual([
      [undefined, 1],
      ['foil', 0],
      ['stock', 1],
    ])
  })

  it('tells a change inside a value by its key, and one that removes', () => {
    const before = edited(ORIGIN, ['alice', 'terms', { days: [1, 2] }])
    const actor = `${actorPrefix(BOB.peerId)}0123456789abcdef`
    const document = Automerge.load<{ terms?: { days: number[] } }>(before, { actor })
    const inside = Automerge.change(document, (it) => {
      it.terms?.days.push(3)
    })
    const removed = Automerge.change(inside, (it) => {
      delete it.terms
    })
    expect(told(Automerge.save(removed)).slice(1)).toEqual([
      ['foil', 'terms', { days: [1, 2] }, { days: [1, 2, 3] }],
      ['foil', 'terms', { days: [1, 2, 3] }, undefined],
    ])
  })

  it('tells of one key, of a time, and of the newest only', () => {
    const bytes = edited(
      ORIGIN,
      ['alice', 'a', 1],
      ['bob', 'b', 2, AT + 60_000],
      ['alice', 'a', 3, AT + 120_000],
    )
    expect(told(bytes, { key: 'a' })).toEqual([
      ['stock', 'a', undefined, 1],
      ['stock', 'a', 1, 3],
    ])
    expect(told(bytes, { since: AT + 60_000 })).toHaveLength(2)
    expect(historyOf(bytes, { limit: 1 })).toMatchObject({
      total: 4,
      events: [{ keys: [{ key: 'a' }] }],
    })
  })
})

function openKeys(bytes: Uint8Array) {
  return documentConflicts([bytes], PARTIES).map(({ key, values }) => [
    key,
    values.map(({ author, value }) => `${author} ${JSON.stringify(value)}`),
  ])
}

/** Alice's and Bob's document after each has set something without the other. */
function apart(alice: TallyEdit['value'], bob: TallyEdit['value']): Uint8Array {
  const [hers, his] = [
    edited(ORIGIN, ['alice', 'note', alice]),
    edited(ORIGIN, ['bob', 'note', bob]),
  ]
  const merged = mergeDocuments(hers, his)
  expect(openKeys(mergeDocuments(his, hers))).toEqual(openKeys(merged))
  return merged
}

describe('values that both have set at the same time', () => {
  it('are told, the last as the one that is shown, with the change that set each', () => {
    const bytes = apart('lunch', { at: 'dinner' })
    const [[, values = []] = []] = openKeys(bytes)
    expect([...values].toSorted()).toEqual(['foil {"at":"dinner"}', 'stock "lunch"'])
    const shown = Automerge.toJS(Automerge.load<Record<string, unknown>>(bytes))['note']
    expect(values.at(-1)).toBe(String(shown) === 'lunch' ? 'stock "lunch"' : 'foil {"at":"dinner"}')
    const open = historyOf(bytes).events.filter(({ unsettled }) => unsettled.includes('note'))
    const named = documentConflicts([bytes], PARTIES)[0]?.values.map(({ change }) => change)
    expect(open.map(({ change }) => change).toSorted()).toEqual(named?.toSorted())
  })

  it.each(['lunch', 'dinner', 'neither'])('are settled by setting it to %s', (value) => {
    const bytes = apart('lunch', 'dinner')
    expect(openKeys(bytes)).toHaveLength(1)
    const settled = edited(bytes, ['bob', 'note', value])
    expect(openKeys(settled)).toEqual([])
    expect(historyOf(settled).events.every(({ unsettled }) => unsettled.length === 0)).toBe(true)
  })

  it('are told where they are inside a value, until somebody sets the whole', () => {
    type Terms = { days: number[]; text: string; same: string }
    const before = edited(ORIGIN, ['alice', 'terms', { days: [1, 2], text: 'a', same: 'b' }])
    const within = ({ peerId }: { peerId: string }, day: number, text: string): Uint8Array => {
      const actor = `${actorPrefix(peerId)}0123456789abcdef`
      const document = Automerge.load<{ terms: Terms }>(before, { actor })
      return Automerge.save(
        Automerge.change(document, ({ terms }) => {
          terms.days[1] = day
          terms.text = text
          terms.same = 'c'
        }),
      )
    }
    const bytes = mergeDocuments(within(ALICE, 3, 'hers'), within(BOB, 4, 'his'))
    const found = documentConflicts([bytes], PARTIES)
    const told = found.map(({ key, inside, values }) => {
      return [key, ...inside, values.map(({ author, value }) => `${author} ${value}`).toSorted()]
    })
    expect(told).toEqual([
      ['terms', 'days', 1, ['foil 4', 'stock 3']],
      ['terms', 'text', ['foil his', 'stock hers']],
    ])
    const open = historyOf(bytes).events.filter(({ unsettled }) => unsettled.length > 0)
    expect(open.map(({ author, unsettled }) => [author, unsettled]).toSorted()).toEqual([
      ['foil', ['terms']],
      ['stock', ['terms']],
    ])
    expect(openKeys(edited(bytes, ['bob', 'terms', { days: [], text: '', same: '' }]))).toEqual([])
  })

  it('are no conflict if they are the same', () => {
    expect(openKeys(apart({ b: 1, a: [2] }, { a: [2], b: 1 }))).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { deriveDocument, documentHeads, readDocument } from '../../src/tally/document.ts'
import { TallyDocumentDamagedError } from '../../src/tally/errors.ts'
import {
  editReplica,
  MAX_TALLY_CHUNKS,
  openReplica,
  type TallyChunkStore,
} from '../../src/tally/replica-store.ts'

const DRAFT = '{"tallyId":"t"}'

function emptyStore(): TallyChunkStore {
  const chunks = new Map<string, readonly Uint8Array[]>()
  return {
    load: (tallyId) => chunks.get(tallyId) ?? [],
    append: (tallyId, chunk) => chunks.set(tallyId, [...(chunks.get(tallyId) ?? []), chunk]),
    replaceLater: (tallyId, snapshot) =>
      chunks.set(tallyId, [...(chunks.get(tallyId) ?? []).slice(0, 1), snapshot]),
  }
}

describe('a replica', () => {
  it('is derived and stored when it is opened first, and only then', () => {
    const store = emptyStore()
    const bytes = openReplica(store, 't', DRAFT)
    expect(bytes).toEqual(deriveDocument('t', DRAFT))
    expect(openReplica(store, 't', DRAFT)).toEqual(bytes)
    expect(store.load('t')).toEqual([bytes])
  })

  it('stays the same when two open it first at once', () => {
    const store = emptyStore()
    const derived = deriveDocument('t', DRAFT)
    store.append('t', derived)
    store.append('t', derived)
    expect(documentHeads(openReplica(store, 't', DRAFT))).toEqual(documentHeads(derived))
  })

  it('keeps an edit as a small part beside what was there', () => {
    const store = emptyStore()
    const edit = { peerId: 'alice', key: 'note', value: 'hi', at: 0 }
    const { change } = editReplica(store, 't', DRAFT, edit)
    expect(store.load('t')).toEqual([deriveDocument('t', DRAFT), change])
    expect(readDocument(openReplica(store, 't', DRAFT))).toEqual({
      draft: { tallyId: 't' },
      note: 'hi',
    })
  })

  it('is folded into one part beside its first when there are many, and loses nothing by it', () => {
    const store = emptyStore()
    const parts: number[] = []
    for (let n = 0; n < MAX_TALLY_CHUNKS + 5; n++) {
      editReplica(store, 't', DRAFT, { peerId: 'alice', key: `k${n}`, value: n, at: n })
      parts.push(store.load('t').length)
    }
    expect(Math.max(...parts)).toBe(MAX_TALLY_CHUNKS)
    expect(parts.lastIndexOf(2)).toBeGreaterThan(parts.indexOf(MAX_TALLY_CHUNKS))
    expect(Object.keys(readDocument(openReplica(store, 't', DRAFT)))).toHaveLength(
      MAX_TALLY_CHUNKS + 6,
    )
  })

  it('that did not grow from the tally’s draft is refused, and nothing is stored over it', () => {
    const store = emptyStore()
    store.append('t', deriveDocument('t', '{"tallyId":"other"}'))
    const edit = { peerId: 'alice', key: 'note', value: 'hi', at: 0 }
    expect(() => openReplica(store, 't', DRAFT)).toThrow(TallyDocumentDamagedError)
    expect(() => editReplica(store, 't', DRAFT, edit)).toThrow(TallyDocumentDamagedError)
    expect(store.load('t')).toHaveLength(1)
  })
})

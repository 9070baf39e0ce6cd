import { describe, expect, it } from 'vitest'
import { deriveDocument, documentHeads, readDocument } from '../../src/tally/document.ts'
import { TallyDocumentDamagedError } from '../../src/tally/errors.ts'
import {
  addToReplica,
  editReplica,
  MAX_TALLY_CHUNKS,
  type NewParts,
  openReplica,
} from '../../src/tally/replica-parts.ts'

const DRAFT = '{"tallyId":"t"}'
const TALLY = { tallyId: 't', draftText: DRAFT }

/** The parts that are stored after these were added. */
function stored(chunks: readonly Uint8Array[], { added, isFolded }: NewParts) {
  return [...(isFolded ? chunks.slice(0, 1) : chunks), ...added]
}

describe('a replica', () => {
  it('is derived as long as nothing is stored', () => {
    const bytes = openReplica([], TALLY)
    expect(bytes).toEqual(deriveDocument('t', DRAFT))
    expect(openReplica([bytes], TALLY)).toEqual(bytes)
  })

  it('stays the same when two store what they derived', () => {
    const derived = deriveDocument('t', DRAFT)
    expect(documentHeads(openReplica([derived, derived], TALLY))).toEqual(documentHeads(derived))
  })

  it('keeps an edit as a small part beside what was there', () => {
    const { change, parts } = editReplica([], TALLY, edit('note', 'hi'))
    expect(stored([], parts)).toEqual([deriveDocument('t', DRAFT), change])
    expect(readDocument(openReplica(stored([], parts), TALLY))).toEqual({
      draft: { tallyId: 't' },
      note: 'hi',
    })
  })

  it('gets no part of an edit that changes nothing', () => {
    const { parts } = editReplica([], TALLY, edit('note', 'hi'))
    const chunks = stored([], parts)
    expect(editReplica(chunks, TALLY, edit('note', 'hi')).parts.added).toEqual([])
  })

  it('keeps a partner’s changes as a part beside what was there', () => {
    const { change } = editReplica([], TALLY, edit('note', 'hi'))
    expect(stored([], addToReplica([], TALLY, change))).toEqual([
      deriveDocument('t', DRAFT),
      change,
    ])
  })

  it('is folded into one part beside its first when there are many, and loses nothing by it', () => {
    let chunks: readonly Uint8Array[] = []
    const counts: number[] = []
    for (let n = 0; n < MAX_TALLY_CHUNKS + 5; n++) {
      chunks = stored(chunks, editReplica(chunks, TALLY, edit(`k${n}`, n)).parts)
      counts.push(chunks.length)
    }
    expect(Math.max(...counts)).toBe(MAX_TALLY_CHUNKS)
    expect(counts.lastIndexOf(2)).toBeGreaterThan(counts.indexOf(MAX_TALLY_CHUNKS))
    expect(Object.keys(readDocument(openReplica(chunks, TALLY)))).toHaveLength(MAX_TALLY_CHUNKS + 6)
  })

  it('that did not grow from the tally’s draft is refused', () => {
    const chunks = [deriveDocument('t', '{"tallyId":"other"}')]
    expect(() => openReplica(chunks, TALLY)).toThrow(TallyDocumentDamagedError)
    expect(() => editReplica(chunks, TALLY, edit('note', 'hi'))).toThrow(TallyDocumentDamagedError)
  })
})

function edit(key: string, value: string | number) {
  return { peerId: 'alice', key, value, at: 0 }
}

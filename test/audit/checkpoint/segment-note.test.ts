import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import {
  openSegment,
  type Segment,
  signSegment,
} from '../../../src/audit/checkpoint/segment-note.ts'
import { NoteInvalidError } from '../../../src/audit/errors.ts'
import { signerOf } from '../../support/audit/signer.ts'

const ALICE = signerOf(1)

describe('the header of a segment', () => {
  const segment: Segment = {
    first: 257,
    last: 512,
    previous: Buffer.alloc(32, 1),
    head: Buffer.alloc(32, 2),
    root: Buffer.alloc(32, 3),
    sealedAt: 1_790_000_000_000,
  }

  it('opens as what was signed, and so does the stub that is left of it', () => {
    expect(openSegment(signSegment(segment, ALICE), ALICE)).toEqual(segment)
    const removed = { at: 1_790_000_000_001, reason: 'older than a year' }
    expect(openSegment(signSegment({ ...segment, removed }, ALICE), ALICE)).toEqual({
      ...segment,
      removed,
    })
  })

  it('is no checkpoint, and a checkpoint is none', () => {
    const checkpoint = signCheckpoint({ size: 512, root: segment.root }, ALICE)
    expect(() => openCheckpoint(signSegment(segment, ALICE), ALICE)).toThrow(
      expect.objectContaining({ problem: 'foreign' }),
    )
    expect(() => openSegment(checkpoint, ALICE)).toThrow(NoteInvalidError)
  })

  it('has its reason on one line, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (reason) => {
        const note = signSegment({ ...segment, removed: { at: 1, reason } }, ALICE)
        expect(openSegment(note, ALICE)).toMatchObject({ last: 512, removed: { at: 1 } })
      }),
    )
  })
})

import { type Checkpoint, openCheckpoint } from '../checkpoint/checkpoint.ts'
import type { NoteKey } from '../checkpoint/note-key.ts'
import { openSegment, type Segment } from '../checkpoint/segment-note.ts'
import { NoteInvalidError } from '../errors.ts'
import type { TrailSource } from './trail-source.ts'

type AnySource = TrailSource<unknown, unknown>

/** A root that was signed, or kept, when the log had this size; the walk compares it when it gets there. */
export interface TrailMark {
  readonly size: number
  /** Its origin: kept elsewhere, stored beside the log, or the end of a closed segment. */
  readonly kind: 'outside' | 'stored' | 'segment'
  /** `undefined`: it is stored as signed by this node, and is not. */
  readonly root: Uint8Array | undefined
  /** The chain's hash there, if it was signed as well. */
  readonly head?: Uint8Array
}

/** Collects the marks, smallest size first. */
export function marksOf(
  { checkpoints }: Pick<AnySource, 'checkpoints'>,
  segments: readonly (Segment | undefined)[],
  outside: readonly Checkpoint[],
  key: NoteKey,
): TrailMark[] {
  const marks: TrailMark[] = outside.map(({ size, root }) => ({ kind: 'outside', size, root }))
  for (const { size, note } of checkpoints) {
    const opened = opening(() => openCheckpoint(note, key))
    const root = opened?.size === size ? opened.root : undefined
    marks.push({ kind: 'stored', size, root })
  }
  for (const segment of segments) {
    if (segment === undefined) continue
    const { last, root, head } = segment
    marks.push({ kind: 'segment', size: last, root, head })
  }
  return marks.sort((a, b) => a.size - b.size)
}

/** Opens the headers, in order; `undefined` for one that this node did not sign, or that is not in its place. */
export function segmentsOf(
  { segments }: Pick<AnySource, 'segments'>,
  key: NoteKey,
): (Segment | undefined)[] {
  let next = 1
  return segments.map(({ first, last, note }) => {
    const segment = opening(() => openSegment(note, key))
    const isInPlace = segment?.first === first && segment.last === last && first === next
    next = last + 1
    return isInPlace ? segment : undefined
  })
}

function opening<Opened>(open: () => Opened): Opened | undefined {
  try {
    return open()
  } catch (error) {
    if (error instanceof NoteInvalidError) return undefined
    throw error
  }
}

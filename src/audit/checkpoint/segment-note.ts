import { SHA256_BYTES } from '../../protocol/base/digest.ts'
import { NoteInvalidError } from '../errors.ts'
import type { NoteKey, NoteSigner } from './note-key.ts'
import { openNote, signNote } from './signed-note.ts'

/** A closed stretch of the log: its records' numbers, and the hashes before and after them. */
export interface Segment {
  /** Its first and last record. */
  readonly first: number
  readonly last: number
  /** The chain's hash before the first record. */
  readonly previous: Uint8Array
  /** The chain's hash at the last one. */
  readonly head: Uint8Array
  /** The RFC 6962 root over all records up to the last one. */
  readonly root: Uint8Array
  /** Wall clock, ms since the epoch. */
  readonly sealedAt: number
  /** Set if its records were removed: this header is all that is left of them. */
  readonly removed?: { readonly at: number; readonly reason: string }
}

const MAX_REASON_CHARACTERS = 500

/** Signs a segment's header as a note; with `removed`, it is the stub that stands for the records. */
export function signSegment(segment: Segment, signer: NoteSigner): string {
  return signNote(segmentText(segment, signer), signer)
}

/** Opens a segment's header that the owner of `key` signed. @throws NoteInvalidError */
export function openSegment(note: string, key: NoteKey): Segment {
  const text = openNote(note, key)
  const segment = parsed(new Map(text.split('\n').map(pairOf)))
  // Only a text that this code would have written itself is a header.
  if (segmentText(segment, key) !== text) throw new NoteInvalidError('malformed')
  return segment
}

/** Reads the chain's hash at the segment's end, without checking any signature. @throws NoteInvalidError */
export function segmentHead(note: string): Uint8Array {
  return hashOf(/\nhead (\S+)\n/.exec(note)?.[1])
}

/** Its first line is no log's origin, so it is never taken for a checkpoint. */
function segmentText(segment: Segment, key: NoteKey): string {
  const { first, last, previous, head, root, sealedAt, removed } = segment
  const lines = [
    `${key.name}/segment`,
    `first ${first}`,
    `last ${last}`,
    `previous ${base64(previous)}`,
    `head ${base64(head)}`,
    `root ${base64(root)}`,
    `sealed ${sealedAt}`,
  ]
  if (removed !== undefined) {
    lines.push(`removed ${removed.at}`, `reason ${reasonLine(removed.reason)}`)
  }
  return `${lines.join('\n')}\n`
}

function parsed(fields: ReadonlyMap<string, string>): Segment {
  const number = (name: string) => Number(fields.get(name) ?? Number.NaN)
  const segment = {
    first: number('first'),
    last: number('last'),
    previous: hashOf(fields.get('previous')),
    head: hashOf(fields.get('head')),
    root: hashOf(fields.get('root')),
    sealedAt: number('sealed'),
  }
  const reason = fields.get('reason')
  return reason === undefined ? segment : { ...segment, removed: { at: number('removed'), reason } }
}

function pairOf(line: string): [string, string] {
  const space = line.indexOf(' ')
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)]
}

function hashOf(text = ''): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== SHA256_BYTES) throw new NoteInvalidError('malformed')
  return bytes
}

/** One line, without the control characters that a note may not have. */
function reasonLine(reason: string): string {
  return reason
    .slice(0, MAX_REASON_CHARACTERS)
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

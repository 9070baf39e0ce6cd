import type { CheckpointMessage } from '../../protocol/message/messages.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { openCheckpoint } from '../checkpoint/checkpoint.ts'
import { trailKey } from '../checkpoint/note-key.ts'
import { NoteInvalidError, type NoteProblem } from '../errors.ts'
import { EMPTY_ROOT } from '../tree/tree-hash.ts'
import type { WitnessedCheckpoint } from './witnessed-checkpoint.ts'

/**
 * Notes are handed on as they are, to terminals among others. Ours, with lines of others added or not, are plain ASCII
 * but for the dash of a signature line.
 */
const HARMLESS = /^[\n\x20-\x7e\u2014]*$/

/** Nothing was signed so far. */
const EMPTY: Checkpoint = { size: 0, root: EMPTY_ROOT }

/**
 * Opens the checkpoint that a peer shows; size 0 if it has none.
 * @param kept of the same peer: what was checked once need not be again
 * @returns the problem if it is nothing that this peer signed about its own audit
 */
export function readShownNote(
  peerId: string,
  { note }: CheckpointMessage,
  kept: readonly WitnessedCheckpoint[],
): Checkpoint | NoteProblem {
  if (note === undefined) return EMPTY
  const known = kept.find((each) => each.note === note)
  if (known !== undefined) return known
  if (!HARMLESS.test(note)) return 'malformed'
  try {
    return openCheckpoint(note, trailKey(peerId))
  } catch (error) {
    if (error instanceof NoteInvalidError) return error.problem
    throw error
  }
}

/** By the size that each proves from. */
export function shownProofs({
  proofs = [],
}: CheckpointMessage): Map<number, readonly Uint8Array[]> {
  return new Map(
    proofs.map(({ from, hashes }) => [from, hashes.map((hash) => Buffer.from(hash, 'hex'))]),
  )
}

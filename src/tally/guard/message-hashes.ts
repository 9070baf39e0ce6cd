import type { Doc } from '@automerge/automerge'
import { automergeLibrary } from '../automerge-library.ts'

/** The place of the byte that tells what a chunk is, behind four bytes of magic and four of checksum. */
const KIND_AT = 8

/** A chunk that is one change, and one that is a change compressed. */
const CHANGE_KINDS: ReadonlySet<number | undefined> = new Set([1, 2])

/**
 * Lists the changes in a message of ours. Automerge may send a whole document in the place of changes: then it is all
 * those that the partner is not known to have.
 * @param common heads of the partner's that are in our document
 */
export function hashesIn(
  message: Uint8Array,
  document: Doc<unknown>,
  common: readonly string[],
): readonly string[] {
  const { decodeChange, decodeSyncMessage, getChangesMetaSince } = automergeLibrary()
  const { changes } = decodeSyncMessage(message)
  if (changes.every((chunk) => CHANGE_KINDS.has(chunk[KIND_AT]))) {
    return changes.map((chunk) => decodeChange(chunk).hash)
  }
  return getChangesMetaSince(document, [...common]).map(({ hash }) => hash)
}

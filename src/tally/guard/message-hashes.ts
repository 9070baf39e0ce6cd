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
  const chunks = decodeSyncMessage(message).changes.flatMap(chunksOf)
  if (chunks.every((chunk) => CHANGE_KINDS.has(chunk[KIND_AT]))) {
    return chunks.map((chunk) => decodeChange(chunk).hash)
  }
  return getChangesMetaSince(document, [...common]).map(({ hash }) => hash)
}

/** Takes chunks apart that follow each other without anything between them, as Automerge may hand changes out. */
function chunksOf(bytes: Uint8Array): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let from = 0; from < bytes.length; ) {
    let [length, shift, at] = [0, 0, from + KIND_AT + 1]
    // LEB128: seven bits a byte, the lowest first, and one that tells whether more follow.
    for (let byte = 0x80; byte >= 0x80; at += 1, shift += 7) {
      byte = bytes[at] ?? 0
      length += (byte & 0x7f) * 2 ** shift
    }
    chunks.push(bytes.subarray(from, at + length))
    from = at + length
  }
  return chunks
}

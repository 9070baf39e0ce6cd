import type { Doc } from '@automerge/automerge'
import { CHANGE_HASH_BYTES, CHANGE_SIGNATURE_BYTES } from '../../protocol/sync/change-signature.ts'
import { automergeLibrary } from '../automerge-library.ts'

/**
 * Bytes of the changes of one message, with their signatures: a relay of libp2p's default carries 128 KiB on one connection,
 * both ways together, and the heads come before.
 */
const MAX_BATCH_BYTES = 49_152

/** Bytes of one signature beside its change. */
const SIGNED_BYTES = CHANGE_HASH_BYTES + CHANGE_SIGNATURE_BYTES

/** The place of the byte that tells what a chunk is, behind four bytes of magic and four of checksum. */
const KIND_AT = 8

/** A chunk that is one change, and one that is a change compressed. */
const CHANGE_KINDS: ReadonlySet<number | undefined> = new Set([1, 2])

/** A message to the partner. */
export interface OwnMessage {
  readonly bytes: Uint8Array
  /** Hashes of the changes in it, and perhaps of some that the partner has. */
  readonly changes: readonly string[]
}

/**
 * Cuts a message of ours into such as are small enough to go through a relay that carries little, each with changes that the
 * partner can take without those that follow. A change that is larger goes alone. Automerge puts all changes into one
 * message, or the whole document in their place.
 * @param common heads of the partner's that are in our document
 * @returns at least one
 */
export function batchesOf(
  message: Uint8Array,
  document: Doc<unknown>,
  common: readonly string[],
): readonly OwnMessage[] {
  const { decodeChange, decodeSyncMessage, encodeSyncMessage, getChangesSince } = automergeLibrary()
  const decoded = decodeSyncMessage(message)
  const chunks = decoded.changes.flatMap(chunksOf)
  const areChanges = chunks.every((chunk) => CHANGE_KINDS.has(chunk[KIND_AT]))
  const changes = areChanges ? chunks : getChangesSince(document, [...common])
  const hashed = changes.map((bytes) => ({ bytes, hash: decodeChange(bytes).hash }))
  const batches = inBatches(hashed)
  // What Automerge has made of all of them is smaller than they are one by one.
  if (batches.length < 2) return [{ bytes: message, changes: hashed.map(({ hash }) => hash) }]
  return batches.map((batch) => ({
    bytes: encodeSyncMessage({ ...decoded, changes: batch.map(({ bytes }) => bytes) }),
    changes: batch.map(({ hash }) => hash),
  }))
}

/** Puts them together, in their order. */
function inBatches<Change extends { readonly bytes: Uint8Array }>(
  changes: readonly Change[],
): readonly (readonly Change[])[] {
  const batches: Change[][] = []
  let left = 0
  for (const change of changes) {
    const size = change.bytes.length + SIGNED_BYTES
    const last = batches.at(-1)
    if (last === undefined || size > left) {
      batches.push([change])
      left = MAX_BATCH_BYTES - size
    } else {
      last.push(change)
      left -= size
    }
  }
  return batches
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

import { type Checkpoint, openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import type { NoteKey } from '../../audit/checkpoint/note-key.ts'
import { NoteInvalidError } from '../../audit/errors.ts'
import { auditTree } from '../../store/audit/audit-tree.ts'
import { checkpointRecords, type StoredCheckpoint } from '../../store/audit/checkpoint-records.ts'
import { segmentRecords } from '../../store/audit/segment-records.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Query } from '../../store/query/query.ts'

/**
 * Before anything is signed, inside a transaction: what is stored of the tree is believed as far as this node signed it,
 * and must still lead to that root. What is stored past it is dropped, and made of the records again. Else one bad node
 * would get under a signature, and partners would see a fork where there is none.
 * @throws TrailBrokenError
 */
export function* holdToSigned(key: NoteKey): Query<void> {
  const latest = yield* checkpointRecords.latest()
  const removed = (yield* segmentRecords.all()).findLast((each) => each.removedAt !== undefined)
  const removedUpTo = removed?.last ?? 0
  // Of removed records nothing can be made again.
  yield* auditTree.dropPast(Math.max(latest?.size ?? 0, removedUpTo))
  if (latest === undefined || latest.size < removedUpTo) return
  const signed = read(latest, key)
  const isSame =
    signed?.size === latest.size &&
    Buffer.compare(signed.root, yield* auditTree.root(latest.size)) === 0
  if (!isSame) throw new TrailBrokenError(latest.size)
}

function read({ note }: StoredCheckpoint, key: NoteKey): Checkpoint | undefined {
  try {
    return openCheckpoint(note, key)
  } catch (error) {
    if (error instanceof NoteInvalidError) return undefined
    throw error
  }
}

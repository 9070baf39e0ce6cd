import { type Checkpoint, openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import type { NoteKey } from '../../audit/checkpoint/note-key.ts'
import { NoteInvalidError } from '../../audit/errors.ts'
import type { StoredCheckpoint } from '../../store/audit/checkpoints.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Repositories } from '../../store/work/repositories.ts'

/**
 * Before anything is signed, inside a transaction: what is stored of the tree is believed as far as this node signed it,
 * and must still lead to that root. What is stored past it is dropped, and made of the records again. Else one bad node
 * would get under a signature, and partners would see a fork where there is none.
 * @throws TrailBrokenError
 */
export function holdToSigned({ checkpoints, segments, tree }: Repositories, key: NoteKey): void {
  const latest = checkpoints.latest()
  const removedUpTo = segments.all().findLast((each) => each.removedAt !== undefined)?.last ?? 0
  // Of removed records nothing can be made again.
  tree.dropPast(Math.max(latest?.size ?? 0, removedUpTo))
  if (latest === undefined || latest.size < removedUpTo) return
  const signed = read(latest, key)
  const isSame =
    signed?.size === latest.size && Buffer.compare(signed.root, tree.root(latest.size)) === 0
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

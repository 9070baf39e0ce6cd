import { type Checkpoint, openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import { trailKey } from '../../audit/checkpoint/note-key.ts'
import type { TrailFault, TrailProblem } from '../../audit/verify/trail-fault.ts'
import type { TrailRow, TrailSource } from '../../audit/verify/trail-source.ts'
import { type LogVerdict, verifyLog } from '../../audit/verify/verify-log.ts'
import type { Store } from '../../store/transaction/store.ts'
import type { Repositories } from '../../store/work/repositories.ts'

export type { TrailProblem }

/** Whether the trail fits together from its first record to its last, with all that leans on it. */
export interface TrailVerdict extends Omit<LogVerdict, 'head' | 'firstBad'> {
  /** The last good record: its number, 0 for an empty trail, and its hash in hex. */
  readonly head: { readonly seq: number; readonly hash: string }
  /** Where it stops fitting together, and why. */
  readonly firstBad?: TrailFault
}

/**
 * Walks every record. A trail that can't be read is not one that is wrong.
 * @param peerId this party's own
 * @param notes checkpoints that were kept elsewhere
 * @param see gets the text of each record, before it is checked
 * @throws NoteInvalidError for a note that is no checkpoint of this trail; StoreError, StoreDamagedError
 */
export function verifyTrail(
  store: Pick<Store, 'read'>,
  peerId: string,
  notes: readonly string[] = [],
  see?: (text: string) => void,
): TrailVerdict {
  const key = trailKey(peerId)
  const outside: readonly Checkpoint[] = notes.map((note) => openCheckpoint(note, key))
  const { head, ...verdict } = store.read((repositories) => {
    return repositories.auditWalk.snapshot(() =>
      verifyLog(sourceOf(repositories, see), key, outside),
    )
  })
  return { ...verdict, head: { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') } }
}

function sourceOf(
  { auditWalk, checkpoints, segments, tree }: Repositories,
  see: ((text: string) => void) | undefined,
): TrailSource {
  return {
    rows: () => (see === undefined ? auditWalk.rows() : seen(auditWalk.rows(), see)),
    threadAt: auditWalk.threads(),
    tree,
    checkpoints: checkpoints.all(),
    segments: segments.all(),
    unindexed: () => auditWalk.unindexed(),
  }
}

function* seen(rows: Iterable<TrailRow>, see: (text: string) => void): Generator<TrailRow> {
  for (const row of rows) {
    see(row.text)
    yield row
  }
}

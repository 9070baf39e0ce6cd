import { type Checkpoint, openCheckpoint } from '../../audit/checkpoint/checkpoint.ts'
import { type NoteKey, trailKey } from '../../audit/checkpoint/note-key.ts'
import type { TrailFault, TrailProblem } from '../../audit/verify/trail-fault.ts'
import { type LogVerdict, verifyLog } from '../../audit/verify/verify-log.ts'
import { auditTree } from '../../store/audit/audit-tree.ts'
import { auditWalk } from '../../store/audit/audit-walk.ts'
import { checkpointRecords } from '../../store/audit/checkpoint-records.ts'
import { segmentRecords } from '../../store/audit/segment-records.ts'
import type { Query } from '../../store/query/query.ts'
import type { AuditStore } from '../../store/query/record-store.ts'

export type { TrailProblem }

/** Whether the trail fits together from its first record to its last, with all that leans on it. */
export interface TrailVerdict extends Omit<LogVerdict, 'head' | 'firstBad'> {
  /** The last good record: its number, 0 for an empty trail, and its hash in hex. */
  readonly head: { readonly seq: number; readonly hash: string }
  /** Where it stops fitting together, and why. */
  readonly firstBad?: TrailFault
}

/** The signatures that a trail is held against. */
export interface TrailProof {
  readonly key: NoteKey
  /** Checkpoints that were kept elsewhere. */
  readonly outside: readonly Checkpoint[]
}

/**
 * @param peerId this party's own
 * @param notes checkpoints that were kept elsewhere
 * @throws NoteInvalidError for a note that is no checkpoint of this trail
 */
export function trailProof(peerId: string, notes: readonly string[]): TrailProof {
  const key = trailKey(peerId)
  return { key, outside: notes.map((note) => openCheckpoint(note, key)) }
}

/**
 * Walks every record. A trail that can't be read is not one that is wrong.
 * @param peerId this party's own
 * @param notes checkpoints that were kept elsewhere
 * @throws NoteInvalidError for a note that is no checkpoint of this trail; StoreError, StoreDamagedError
 */
export async function verifyTrail(
  store: Pick<AuditStore, 'query' | 'unindexedRecord'>,
  peerId: string,
  notes: readonly string[] = [],
): Promise<TrailVerdict> {
  const proof = trailProof(peerId, notes)
  return await withIndices(store, await store.query(() => walkTrail(proof)))
}

/** Walks every record. @param see is given the text of each, before it is checked */
export function* walkTrail(
  { key, outside }: TrailProof,
  see?: (text: string) => Query<void>,
): Query<TrailVerdict> {
  const checkpoints = yield* checkpointRecords.all()
  const segments = yield* segmentRecords.all()
  const source = { ...auditWalk, tree: auditTree, checkpoints, segments }
  const after = see === undefined ? source.after : seenAfter(see)
  const { head, ...verdict } = yield* verifyLog({ ...source, after }, key, outside)
  return { ...verdict, head: { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') } }
}

function seenAfter(see: (text: string) => Query<void>): typeof auditWalk.after {
  return function* (seq) {
    const rows = yield* auditWalk.after(seq)
    for (const { text } of rows) yield* see(text)
    return rows
  }
}

/** Of a trail that fits together, looks at the engine's indices as well. @throws StoreError */
export async function withIndices(
  store: Pick<AuditStore, 'unindexedRecord'>,
  verdict: TrailVerdict,
): Promise<TrailVerdict> {
  const seq = verdict.ok ? await store.unindexedRecord() : undefined
  if (seq === undefined) return verdict
  return { ...verdict, ok: false, firstBad: { seq, problem: 'hidden' } }
}

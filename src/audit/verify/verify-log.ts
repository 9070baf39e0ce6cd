import { compact } from '../../protocol/base/compact.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { NoteKey } from '../checkpoint/note-key.ts'
import type { ChainHead } from '../record/chain.ts'
import type { TrailFault } from './trail-fault.ts'
import type { TrailSource } from './trail-source.ts'
import { TrailWalk } from './trail-walk.ts'

export interface LogVerdict {
  /** True if nothing that is there is wrong. The end may be cut off, or all of it rewritten: see `provenUpTo`. */
  readonly ok: boolean
  /** How many records were read and found good. */
  readonly records: number
  /** The last good record's number and hash. */
  readonly head: ChainHead
  /** The last record that a checkpoint kept outside vouches for; `null` if there is none. */
  readonly provenUpTo: number | null
  /** The last record that a checkpoint stored beside the log vouches for: against anybody without the key. */
  readonly signedUpTo: number | null
  /** Records 1 to this one were removed, and a signed stub says so; 0 if none were. */
  readonly removedUpTo: number
  readonly firstBad?: TrailFault
}

/**
 * Walks a log with everything stored beside it, and stops at the first fault. Holds one page of rows at a time.
 * @param key of the node whose log it is
 * @param outside checkpoints that were kept elsewhere, opened with that key
 * @throws the reader's own errors: a log that can't be read is not a log that is wrong
 */
export function* verifyLog<Step, Answer>(
  source: TrailSource<Step, Answer>,
  key: NoteKey,
  outside: readonly Checkpoint[] = [],
): Generator<Step, LogVerdict, Answer> {
  const walk = new TrailWalk(source, key, outside)
  const firstBad = yield* walk.run()
  return compact({
    ok: firstBad === undefined,
    records: walk.records,
    head: walk.head,
    provenUpTo: walk.provenUpTo,
    signedUpTo: walk.signedUpTo,
    removedUpTo: walk.removedUpTo,
    firstBad,
  })
}

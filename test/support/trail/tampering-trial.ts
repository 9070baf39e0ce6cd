import type { DatabaseSync } from 'node:sqlite'
import type { NoteSigner } from '../../../src/audit/checkpoint/note-key.ts'
import type { TrailRow } from '../../../src/audit/verify/trail-source.ts'
import { type TrailVerdict, verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../audit/signer.ts'
import { bootstrappedRows, signedLog } from './real-log.ts'
import { needsOutside, TAMPERINGS, type Tampering } from './tampering.ts'

/** A log to tamper with: each trial finds it as it was. */
export interface Trial {
  readonly size: number
  run(name: string, seed: number): Promise<TrialResult>
  close(): void
}

export interface TrialResult {
  readonly truth: number
  /** With a checkpoint of the whole log that was kept elsewhere. */
  readonly against: TrailVerdict
  /** Without one. */
  readonly alone: TrailVerdict
}

/** @param bootstraps 100 of them make some 400 records */
export async function makeTrial(bootstraps: number): Promise<Trial> {
  const signer = signerOf(1)
  const rows = await bootstrappedRows(bootstraps)
  const others = await bootstrappedRows(bootstraps)
  const half = Math.floor(rows.length / 2)
  const database = await signedLog(rows, signer, [half, half + 37, rows.length])
  const outside = String(
    database.prepare('SELECT note FROM audit_checkpoints ORDER BY size DESC').get()?.['note'],
  )
  return {
    size: rows.length,
    run: (name, seed) => run({ database, rows, others, signer, outside }, name, seed),
    close: () => database.close(),
  }
}

interface TrialLog {
  readonly database: DatabaseSync
  readonly rows: readonly TrailRow[]
  readonly others: readonly TrailRow[]
  readonly signer: NoteSigner & { readonly peerId: string }
  readonly outside: string
}

async function run(log: TrialLog, name: string, seed: number): Promise<TrialResult> {
  const { database, rows, others, signer, outside } = log
  const tampering: Tampering | undefined = TAMPERINGS[name]
  if (tampering === undefined) throw new RangeError(name)
  const store = new Store(':memory:', database, new Repositories(database))
  database.exec('BEGIN')
  try {
    const truth = tampering({ database, rows, others, signer, choose: chooser(seed) })
    const against = await verifyTrail(store, signer.peerId, [outside])
    const alone = await verifyTrail(store, signer.peerId)
    return { truth, against, alone }
  } finally {
    database.exec('ROLLBACK')
  }
}

/** What a trial should have shown and did not, if anything. */
export function complaintOf(
  name: string,
  { truth, against, alone }: TrialResult,
): string | undefined {
  const { firstBad } = against
  if (against.ok || firstBad === undefined) return 'not found'
  const upTo = firstBad.upTo ?? firstBad.seq
  // A record changed together with its hash fits; the one after it does not.
  const isNamed = truth >= firstBad.seq - 1 && truth <= upTo
  // Chained anew and shorter than what was signed, or with an index that was forgotten: that much is wrong for sure,
  // and where after the last good checkpoint it began, nothing tells.
  const good = Math.max(against.provenUpTo ?? 0, against.signedUpTo ?? 0)
  const isTold =
    ['hidden', 'missing'].includes(firstBad.problem) && truth <= firstBad.seq && truth > good
  if (!isNamed && !isTold) return `record ${truth} was the first, not ${firstBad.seq} to ${upTo}`
  if (!needsOutside(name) && alone.ok) return 'not found without an outside checkpoint'
  if (alone.ok && alone.provenUpTo !== null) return 'a tail is called proven by nothing'
  return undefined
}

/** mulberry32: small, and the same everywhere. */
export function chooser(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

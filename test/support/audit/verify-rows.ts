import type { ChainedRecord } from '../../../src/audit/record/chain.ts'
import type { TrailRow, TrailSource } from '../../../src/audit/verify/trail-source.ts'
import { type LogVerdict, verifyLog } from '../../../src/audit/verify/verify-log.ts'
import { finished, known } from './finished.ts'

/** Verifies rows alone: a log that nothing was signed of and nothing stored beside. */
export function verifyRows(rows: Iterable<ChainedRecord>): LogVerdict {
  const iterator = rows[Symbol.iterator]()
  const source: TrailSource<never, never> = {
    after() {
      const { value, done } = iterator.next()
      return known(done === true ? [] : [indexed(value)])
    },
    threadAt: () => known(undefined),
    tree: { nodes: () => known([]) },
    checkpoints: [],
    segments: [],
  }
  return finished(verifyLog(source, { name: 'nobody', publicKey: new Uint8Array(32) }))
}

/** A row as found by the session that its text names. */
function indexed(row: ChainedRecord): TrailRow {
  return { ...row, sessionId: sessionIn(row.text), thread: null }
}

function sessionIn(text: string): string | null {
  try {
    return JSON.parse(text).sessionId ?? null
  } catch {
    return null
  }
}

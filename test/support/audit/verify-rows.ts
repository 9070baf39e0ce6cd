import type { ChainedRecord } from '../../../src/audit/record/chain.ts'
import type { TrailRow } from '../../../src/audit/verify/trail-source.ts'
import { type LogVerdict, verifyLog } from '../../../src/audit/verify/verify-log.ts'

/** Verifies rows alone: a log that nothing was signed of and nothing stored beside. */
export function verifyRows(rows: Iterable<ChainedRecord>): LogVerdict {
  const source = {
    rows: () => indexed(rows),
    threadAt: () => undefined,
    tree: { nodes: () => [] },
    checkpoints: [],
    segments: [],
    unindexed: () => undefined,
  }
  return verifyLog(source, { name: 'nobody', publicKey: new Uint8Array(32) })
}

/** Each row as found by the session that its text names. */
function* indexed(rows: Iterable<ChainedRecord>): Generator<TrailRow> {
  for (const row of rows) yield { ...row, sessionId: sessionIn(row.text), thread: null }
}

function sessionIn(text: string): string | null {
  try {
    return JSON.parse(text).sessionId ?? null
  } catch {
    return null
  }
}

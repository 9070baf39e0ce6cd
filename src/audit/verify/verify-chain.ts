import { type ChainedRecord, type ChainHead, EMPTY_CHAIN } from '../record/chain.ts'
import { nextRecord } from './record-step.ts'
import type { TrailFault } from './trail-fault.ts'

/** Whether rows fit together. Says nothing about rows cut off at the end. */
export interface ChainVerdict {
  readonly ok: boolean
  /** How many records were found good before the end or the first fault. */
  readonly records: number
  /** The last good record's number and hash. */
  readonly head: ChainHead
  readonly firstBad?: TrailFault
}

/**
 * Walk a log from its first record and stop at the first fault. Holds one row at a time.
 * @param rows in the order of the log
 * @throws what iterating `rows` throws: a log that can't be read is not a log that is wrong
 */
export function verifyChain(rows: Iterable<ChainedRecord>): ChainVerdict {
  let head = EMPTY_CHAIN
  for (const row of rows) {
    const good = nextRecord(row, head)
    if (typeof good === 'string') return verdict(head, { seq: head.seq + 1, problem: good })
    head = row
  }
  return verdict(head)
}

function verdict(head: ChainHead, firstBad?: TrailFault): ChainVerdict {
  return {
    ok: firstBad === undefined,
    records: head.seq,
    head: { seq: head.seq, hash: head.hash },
    ...(firstBad && { firstBad }),
  }
}

import { type ChainedRecord, type ChainHead, chainHash, EMPTY_CHAIN, leafHash } from './chain.ts'
import { parseRecord } from './parse-record.ts'
import type { AuditRecord } from './record.ts'
import { AuditRecordInvalidError } from './record-invalid-error.ts'

/**
 * What is wrong with a log at one place.
 * - `missing`: the row with this number is not there
 * - `repeated`: a row with an earlier number stands in its place
 * - `unreadable`: the text is not the canonical form of a record of this version
 * - `renumbered`: the row and the text in it disagree about the number
 * - `hash_mismatch`: text, or what was before it, is not what the hash was taken of
 */
export type ChainProblem = 'missing' | 'repeated' | 'unreadable' | 'renumbered' | 'hash_mismatch'

export interface ChainFault {
  /** The first record that is not as it was written; all before it fit together. */
  readonly seq: number
  readonly problem: ChainProblem
}

export interface ChainVerdict {
  /** The rows there are fit together. Says nothing about rows cut off at the end: see `provenUpTo`. */
  readonly ok: boolean
  /** How many records were found good before the end or the first fault. */
  readonly records: number
  /** The last good record's number and hash. */
  readonly head: ChainHead
  /**
   * The last record that a checkpoint kept outside of this log vouches for. `null`: no such checkpoint, so
   * a tail cut off, or the whole log written anew, would not be noticed.
   */
  readonly provenUpTo: number | null
  readonly firstBad?: ChainFault
}

/**
 * Walk a log from its first record and stop at the first fault. Holds one row at a time.
 * @param rows in the order of the log
 * @throws what iterating `rows` throws: a log that can't be read is not a log that is wrong
 */
export function verifyChain(rows: Iterable<ChainedRecord>): ChainVerdict {
  let head = EMPTY_CHAIN
  for (const row of rows) {
    const problem = problemOf(row, head)
    if (problem !== undefined) {
      return verdict(head, { seq: head.seq + 1, problem })
    }
    head = row
  }
  return verdict(head)
}

function verdict(head: ChainHead, firstBad?: ChainFault): ChainVerdict {
  return {
    ok: firstBad === undefined,
    records: head.seq,
    head: { seq: head.seq, hash: head.hash },
    provenUpTo: null,
    ...(firstBad && { firstBad }),
  }
}

function problemOf(row: ChainedRecord, head: ChainHead): ChainProblem | undefined {
  const expected = head.seq + 1
  if (row.seq !== expected) return row.seq > expected ? 'missing' : 'repeated'
  const record = readable(row.text)
  if (record === undefined) return 'unreadable'
  if (record.seq !== expected) return 'renumbered'
  return sameBytes(chainHash(head.hash, leafHash(row.text)), row.hash) ? undefined : 'hash_mismatch'
}

function readable(text: string): AuditRecord | undefined {
  try {
    return parseRecord(text)
  } catch (error) {
    if (error instanceof AuditRecordInvalidError) return undefined
    throw error
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

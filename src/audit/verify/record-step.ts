import { AuditRecordInvalidError } from '../errors.ts'
import { type ChainedRecord, type ChainHead, chainHash, leafHash } from '../record/chain.ts'
import { parseRecord } from '../record/parse-record.ts'
import { type RecordKeys, scanRecord } from './scan-record.ts'
import type { TrailProblem } from './trail-fault.ts'

/** The keys and hash of a row that fits on the one before it. */
export interface GoodRecord {
  readonly keys: RecordKeys
  /** 32 bytes. */
  readonly leaf: Uint8Array
}

/** Checks that a row is the next one on top of `head`. @returns the problem if it is not */
export function nextRecord(row: ChainedRecord, head: ChainHead): GoodRecord | TrailProblem {
  const expected = head.seq + 1
  if (row.seq !== expected) return row.seq > expected ? 'missing' : 'repeated'
  const keys = readable(row.text)
  if (keys === undefined) return 'unreadable'
  if (keys.seq !== expected) return 'renumbered'
  const leaf = leafHash(row.text)
  const isWhole = Buffer.compare(chainHash(head.hash, leaf), row.hash) === 0
  return isWhole ? { keys, leaf } : 'hash_mismatch'
}

function readable(text: string): RecordKeys | undefined {
  const keys = scanRecord(text)
  if (keys !== undefined) return keys
  try {
    return parseRecord(text)
  } catch (error) {
    if (error instanceof AuditRecordInvalidError) return undefined
    throw error
  }
}

import { SHA256_BYTES, sha256 } from '../../protocol/base/digest.ts'
import { AUDIT_RECORD_VERSION, type AuditDraft } from './record.ts'
import { recordText } from './record-text.ts'

/** The end of a log: its last record's number and hash. An append needs nothing else. */
export interface ChainHead {
  /** 0 for an empty log. */
  readonly seq: number
  /** 32 bytes. */
  readonly hash: Uint8Array
}

/** One row of the log. It is a head as well: the next record goes on top of it. */
export interface ChainedRecord extends ChainHead {
  /** Canonical JSON of the record. */
  readonly text: string
}

const CHAIN_DOMAIN = Buffer.from('taleus/audit/chain/1\0')

/** The input of `chainHash`, filled anew each time: a buffer for each record costs half as much as its hash. */
const LINK = Buffer.concat([CHAIN_DOMAIN], CHAIN_DOMAIN.length + 2 * SHA256_BYTES)

/** The hash before the first record, 32 bytes: SHA-256 of `taleus/audit/genesis/1`. */
export const GENESIS: Uint8Array = sha256('taleus/audit/genesis/1')

/** The head of an empty log. */
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: GENESIS }

/** Makes the row that puts a draft on top of a log. Pure: the caller stores the row and moves the head. */
export function appendRecord(head: ChainHead, draft: AuditDraft): ChainedRecord {
  const seq = head.seq + 1
  const text = recordText({ ...draft, v: AUDIT_RECORD_VERSION, seq })
  return { seq, text, hash: chainHash(head.hash, leafHash(text)) }
}

/**
 * Hashes a record alone: SHA-256 of a zero byte and the text's UTF-8, 32 bytes. This is the leaf hash of
 * RFC 6962, so that a tree can be grown over an old log without touching a record.
 * @param text must be well-formed, as `recordText` makes it
 */
export function leafHash(text: string): Uint8Array {
  return sha256(`\0${text}`)
}

/**
 * Hashes a record with everything before it: SHA-256 of the domain, the hash before and the record's leaf hash,
 * 32 bytes. The domain's first byte is neither 0 nor 1, so it is never a leaf or node of a tree.
 */
export function chainHash(previous: Uint8Array, leaf: Uint8Array): Uint8Array {
  // In a damaged store, a hash may have any length.
  if (previous.length !== SHA256_BYTES || leaf.length !== SHA256_BYTES) {
    return sha256(Buffer.concat([CHAIN_DOMAIN, previous, leaf]))
  }
  LINK.set(previous, CHAIN_DOMAIN.length)
  LINK.set(leaf, CHAIN_DOMAIN.length + SHA256_BYTES)
  return sha256(LINK)
}

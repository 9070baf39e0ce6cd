import type { ThreadNames } from '../../audit/verify/thread-check.ts'
import type { TrailRow } from '../../audit/verify/trail-source.ts'
import { type Query, selectAll, selectOne } from '../query/query.ts'
import { selectAmong } from '../query/value-lists.ts'
import {
  blob,
  integer,
  optionalBlob,
  optionalInteger,
  optionalText,
  type Row,
  text,
} from '../row/row.ts'
import { PEER_ID, TOKEN_ID } from './indexed-ids.ts'

/**
 * Rows read at a time: so few that they are garbage-collected while they are young. The hash comes in hex, since a buffer
 * for each row takes much time.
 */
const AFTER = `
  SELECT seq, session_id, thread, record, lower(hex(hash)) AS hash FROM audit
  WHERE seq > ?1 ORDER BY seq LIMIT 100`

const THREAD_AT = `
  SELECT session_id, ${TOKEN_ID} AS token_id, ${PEER_ID} AS peer_id FROM audit
  WHERE seq = ?1 AND thread IS NULL`

const linksOf = (list: string): string => `
  SELECT a.seq, a.record, a.hash, p.hash AS previous, n.record AS next_record, n.hash AS next_hash
  FROM audit a LEFT JOIN audit p ON p.seq = a.seq - 1 LEFT JOIN audit n ON n.seq = a.seq + 1
  WHERE a.seq IN ${list}`

/** A record and its neighbours in the chain; left out where there are none. */
export interface RecordLinks {
  readonly seq: number
  readonly text: string
  readonly hash: Uint8Array
  /** The hash of the record before it. */
  readonly previous: Uint8Array | undefined
  readonly next: { readonly text: string; readonly hash: Uint8Array } | undefined
}

/** The audit as its verification reads it, with the indexed columns. */
export const auditWalk = {
  /** Returns the records of these numbers that there are, with their neighbours. */
  *links(seqs: readonly number[]): Query<readonly RecordLinks[]> {
    return (yield* selectAmong(linksOf, seqs)).map(toLinks)
  },

  /** Reads the next rows after that one, some hundred at most, oldest first; none after the last. */
  *after(seq: number): Query<readonly TrailRow[]> {
    return (yield* selectAll(AFTER, seq)).map(toTrailRow)
  },

  /** Returns the names by which a thread is found that begins with this row; undefined if none does. */
  *threadAt(seq: number): Query<ThreadNames | undefined> {
    const row = yield* selectOne(THREAD_AT, seq)
    return (
      row && {
        sessionId: optionalText(row, 'session_id'),
        tokenId: optionalText(row, 'token_id'),
        peerId: optionalText(row, 'peer_id'),
      }
    )
  },
}

function toLinks(row: Row): RecordLinks {
  const hash = optionalBlob(row, 'next_hash')
  return {
    seq: integer(row, 'seq'),
    text: text(row, 'record'),
    hash: blob(row, 'hash'),
    previous: optionalBlob(row, 'previous'),
    next: hash && { text: text(row, 'next_record'), hash },
  }
}

function toTrailRow(row: Row): TrailRow {
  return {
    seq: integer(row, 'seq'),
    sessionId: optionalText(row, 'session_id') ?? null,
    thread: optionalInteger(row, 'thread') ?? null,
    text: text(row, 'record'),
    hash: Buffer.from(text(row, 'hash'), 'hex'),
  }
}

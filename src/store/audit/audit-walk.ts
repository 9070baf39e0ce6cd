import type { DatabaseSync } from 'node:sqlite'
import type { ThreadNames } from '../../audit/verify/thread-check.ts'
import type { TrailRow } from '../../audit/verify/trail-source.ts'
import { RowInvalidError } from '../errors.ts'
import { blob, integer, optionalBlob, optionalText, type Row, text } from '../row/row.ts'
import { PEER_ID, TOKEN_ID } from './indexed-ids.ts'

/** Rows read at a time: so few that they are garbage-collected while they are young. */
const PAGE = 100

const COLUMNS = ['seq', 'session_id', 'thread', 'record', 'lower(hex(hash))']

/** `row 17 missing from index audit_session` */
const MISSING_ENTRY = /^row (\d+) missing from index/

const LINKS = `
  SELECT a.seq, a.record, a.hash, p.hash AS previous, n.record AS next_record, n.hash AS next_hash
  FROM audit a LEFT JOIN audit p ON p.seq = a.seq - 1 LEFT JOIN audit n ON n.seq = a.seq + 1
  WHERE a.seq IN (SELECT value FROM json_each(?))`

/** A record and its neighbours in the chain; left out where there are none. */
export interface RecordLinks {
  readonly seq: number
  readonly text: string
  readonly hash: Uint8Array
  /** The hash of the record before it. */
  readonly previous: Uint8Array | undefined
  readonly next: { readonly text: string; readonly hash: Uint8Array } | undefined
}

/** Reads the audit for its verification, with the indexed columns. Prepares its statements when they are needed. */
export class AuditWalk {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Runs `work` on a snapshot that other processes' writes do not change. */
  snapshot<Result>(work: () => Result): Result {
    if (this.#database.isTransaction) return work()
    this.#database.exec('BEGIN')
    try {
      return work()
    } finally {
      this.#database.exec('COMMIT')
    }
  }

  /** Returns the records of these numbers that there are, with their neighbours. */
  links(seqs: readonly number[]): readonly RecordLinks[] {
    return this.#database.prepare(LINKS).all(JSON.stringify(seqs)).map(toLinks)
  }

  /** Reads every row, oldest first. Holds a hundred at a time, and no statement open between them. */
  *rows(): Generator<TrailRow> {
    const after = this.#database.prepare(
      `SELECT ${COLUMNS.join()} FROM audit WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`,
    )
    // Objects with named members and a buffer for each row would take twice the time and memory.
    after.setReturnArrays(true)
    let last = Number.MIN_SAFE_INTEGER
    for (;;) {
      const page = after.all(last).map(toTrailRow)
      yield* page
      const end = page.at(-1)
      if (end === undefined) return
      last = end.seq
    }
  }

  /** Returns a look-up of the names by which a thread is found, by the number of its first row. */
  threads(): (seq: number) => ThreadNames | undefined {
    const find = this.#database.prepare(`
      SELECT session_id, ${TOKEN_ID} AS token_id, ${PEER_ID} AS peer_id FROM audit
      WHERE seq = ? AND thread IS NULL`)
    return (seq) => {
      const row = find.get(seq)
      return (
        row && {
          sessionId: optionalText(row, 'session_id'),
          tokenId: optionalText(row, 'token_id'),
          peerId: optionalText(row, 'peer_id'),
        }
      )
    }
  }

  /**
   * Returns the first row that is missing from SQLite's own indices; for a surplus entry the last row; undefined if all is
   * well. Reads the table and its indices once.
   */
  unindexed(): number | undefined {
    const check = this.#database.prepare('PRAGMA integrity_check(audit)')
    const lines = check.all().map((row) => text(row, 'integrity_check'))
    if (lines.length === 1 && lines[0] === 'ok') return undefined
    const rows = lines.flatMap((line) => MISSING_ENTRY.exec(line)?.[1] ?? []).map(Number)
    if (rows.length > 0) return Math.min(...rows)
    const last: unknown = this.#database.prepare('SELECT max(seq) AS seq FROM audit').get()?.['seq']
    return typeof last === 'number' ? last : 1
  }
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

function toTrailRow(row: object): TrailRow {
  const [seq, sessionId, thread, record, hash]: readonly unknown[] = Array.isArray(row) ? row : []
  if (typeof seq !== 'number') throw new RowInvalidError('seq')
  if (sessionId !== null && typeof sessionId !== 'string') throw new RowInvalidError('session_id')
  if (thread !== null && typeof thread !== 'number') throw new RowInvalidError('thread')
  if (typeof record !== 'string') throw new RowInvalidError('record')
  if (typeof hash !== 'string') throw new RowInvalidError('hash')
  return { seq, sessionId, thread, text: record, hash: Buffer.from(hash, 'hex') }
}

import { compact } from '../../protocol/base/compact.ts'
import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { integer, optionalInteger, type Row, text } from '../row/row.ts'

/** A closed stretch of the audit. */
export interface StoredSegment {
  readonly first: number
  readonly last: number
  /** When its records were removed, ms since the epoch; left out if they were not. */
  readonly removedAt?: number
  /** The signed header, or the signed stub of a removed one. */
  readonly note: string
}

/** The closed stretches of the audit, without gaps from the first record on. */
export const segmentRecords = {
  /** Takes the place of those that begin or end where this one does. */
  *put({ first, last, removedAt, note }: StoredSegment): Query<void> {
    yield* change('DELETE FROM audit_segments WHERE first = ?1 OR last = ?2', first, last)
    const sql = 'INSERT INTO audit_segments (first, last, removed_at, note) VALUES (?1, ?2, ?3, ?4)'
    yield* change(sql, first, last, removedAt ?? null, note)
  },

  *all(): Query<readonly StoredSegment[]> {
    const sql = 'SELECT first, last, removed_at, note FROM audit_segments ORDER BY first'
    return (yield* selectAll(sql)).map(toSegment)
  },

  /** Returns the last record that is in a closed segment, 0 if there is none. */
  *sealedUpTo(): Query<number> {
    const row = yield* selectOne('SELECT coalesce(max(last), 0) AS last FROM audit_segments')
    return integer(row ?? {}, 'last')
  },

  /** Returns the note of the segment that ends with that record; undefined if none does. */
  *noteEndingAt(last: number): Query<string | undefined> {
    const row = yield* selectOne('SELECT note FROM audit_segments WHERE last = ?1', last)
    return row === undefined ? undefined : text(row, 'note')
  },
}

function toSegment(row: Row): StoredSegment {
  return compact({
    first: integer(row, 'first'),
    last: integer(row, 'last'),
    removedAt: optionalInteger(row, 'removed_at'),
    note: text(row, 'note'),
  })
}

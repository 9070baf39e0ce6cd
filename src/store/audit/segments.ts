import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
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
export class Segments {
  readonly #put: StatementSync
  readonly #all: StatementSync
  readonly #last: StatementSync

  constructor(database: DatabaseSync) {
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO audit_segments (first, last, removed_at, note) VALUES (?, ?, ?, ?)',
    )
    this.#all = database.prepare(
      'SELECT first, last, removed_at, note FROM audit_segments ORDER BY first',
    )
    this.#last = database.prepare('SELECT max(last) AS last FROM audit_segments')
  }

  put({ first, last, removedAt, note }: StoredSegment): void {
    this.#put.run(first, last, removedAt ?? null, note)
  }

  all(): readonly StoredSegment[] {
    return this.#all.all().map(toSegment)
  }

  /** Returns the last record that is in a closed segment, 0 if there is none. */
  sealedUpTo(): number {
    const last: unknown = this.#last.get()?.['last']
    return typeof last === 'number' ? last : 0
  }
}

function toSegment(row: Row): StoredSegment {
  return compact({
    first: integer(row, 'first'),
    last: integer(row, 'last'),
    removedAt: optionalInteger(row, 'removed_at'),
    note: text(row, 'note'),
  })
}

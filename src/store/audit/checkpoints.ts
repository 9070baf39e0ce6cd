import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { integer, type Row, text } from '../row/row.ts'

/** Checkpoints that are kept, the newest: half a megabyte. An old one proves nothing that the newest does not. */
const MAX_CHECKPOINTS = 1_000

/** One checkpoint that this node signed. */
export interface StoredCheckpoint {
  /** Records 1 to this one are under it. */
  readonly size: number
  /** Wall clock, ms since the epoch. Not signed. */
  readonly at: number
  /** The signed note. */
  readonly note: string
}

/** The checkpoints that this node signed. */
export class Checkpoints {
  readonly #keep: StatementSync
  readonly #trim: StatementSync
  readonly #latest: StatementSync
  readonly #all: StatementSync

  constructor(database: DatabaseSync) {
    this.#keep = database.prepare(
      'INSERT OR REPLACE INTO audit_checkpoints (size, at, note) VALUES (?, ?, ?)',
    )
    this.#trim = database.prepare(`
      DELETE FROM audit_checkpoints WHERE size <=
        (SELECT size FROM audit_checkpoints ORDER BY size DESC LIMIT 1 OFFSET ${MAX_CHECKPOINTS})`)
    this.#latest = database.prepare(
      'SELECT size, at, note FROM audit_checkpoints ORDER BY size DESC LIMIT 1',
    )
    this.#all = database.prepare('SELECT size, at, note FROM audit_checkpoints ORDER BY size')
  }

  keep({ size, at, note }: StoredCheckpoint): void {
    this.#keep.run(size, at, note)
    this.#trim.run()
  }

  latest(): StoredCheckpoint | undefined {
    const row = this.#latest.get()
    return row === undefined ? undefined : toCheckpoint(row)
  }

  /** Smallest first; few enough to hold. */
  all(): readonly StoredCheckpoint[] {
    return this.#all.all().map(toCheckpoint)
  }
}

function toCheckpoint(row: Row): StoredCheckpoint {
  return { size: integer(row, 'size'), at: integer(row, 'at'), note: text(row, 'note') }
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { text } from '../row/row.ts'

/** Its name among the single facts about the store. */
export const HIGHEST_TIME = 'highest_time'

/** The highest wall time that any process on this store has seen. */
export class HighestTime {
  readonly #get: StatementSync
  readonly #raise: StatementSync

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM meta WHERE name = ?')
    this.#raise = database.prepare(`
      INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE
      SET value = excluded.value
      WHERE CAST(value AS INTEGER) < CAST(excluded.value AS INTEGER)`)
  }

  /** Returns it in milliseconds since the epoch; 0 if none was seen yet. */
  highest(): number {
    const row = this.#get.get(HIGHEST_TIME)
    return row === undefined ? 0 : Number(text(row, 'value'))
  }

  /** Raises the highest time; a lower one changes nothing. */
  remember(at: number): void {
    this.#raise.run(HIGHEST_TIME, String(at))
  }
}

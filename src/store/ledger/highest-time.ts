import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { text } from '../row/row.ts'

const NAME = 'highest_time'

/** The highest wall time that any process on this store has seen. */
export class HighestTime {
  readonly #get: StatementSync
  readonly #raise: StatementSync
  readonly #set: StatementSync
  readonly #bound: readonly StatementSync[]
  readonly #unexpire: StatementSync

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM meta WHERE name = ?')
    const keep = 'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE'
    this.#raise = database.prepare(`${keep} SET value = excluded.value
      WHERE CAST(value AS INTEGER) < CAST(excluded.value AS INTEGER)`)
    this.#set = database.prepare(`${keep} SET value = excluded.value`)
    this.#bound = [
      'UPDATE redemptions SET reserved_until = ?1 WHERE reserved_until > ?1',
      'UPDATE attempts SET lease_until = ?1 WHERE lease_until > ?1',
      'UPDATE removals SET next_at = ?1 WHERE next_at > ?1',
      'UPDATE removals SET claimed_until = ?1 WHERE claimed_until > ?1',
      'UPDATE notices SET next_at = ?1 WHERE next_at > ?1',
    ].map((sql) => database.prepare(sql))
    this.#unexpire = database.prepare(
      'UPDATE tokens SET expiry_noted_at = NULL WHERE expiry_noted_at IS NOT NULL AND expires_at > ?',
    )
  }

  /** Returns it in milliseconds since the epoch; 0 if none was seen yet. */
  highest(): number {
    const row = this.#get.get(NAME)
    return row === undefined ? 0 : Number(text(row, 'value'))
  }

  /** Raises the highest time; a lower one changes nothing. */
  remember(at: number): void {
    this.#raise.run(NAME, String(at))
  }

  /**
   * Sets the time, whatever was seen before.
   * @param until ms since the epoch: later deadlines are set to this, because those from the wrong time would stand for ever
   */
  reset(at: number, until: number): void {
    this.#set.run(NAME, String(at))
    for (const bound of this.#bound) bound.run(until)
    // A token that ran out only by the wrong time is valid again, and will run out.
    this.#unexpire.run(at)
  }
}

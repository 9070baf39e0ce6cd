import type { DatabaseSync } from 'node:sqlite'
import { integer, text } from '../row/row.ts'

/** Removes the oldest records of the audit. Prepares its statements when they are needed, which is seldom. */
export class AuditPruner {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Returns when a record was written, ms since the epoch; undefined if there is no such record. */
  writtenAt(seq: number): number | undefined {
    const find = `SELECT json_extract(record, '$.at') AS at FROM audit WHERE seq = ?`
    const row = this.#database.prepare(find).get(seq)
    return row === undefined ? undefined : integer(row, 'at')
  }

  /** Removes the records up to this one, and the checkpoints of fewer. Inside a transaction. */
  removeUpTo(last: number): void {
    this.#leadAnew(last)
    this.#database.prepare('DELETE FROM audit WHERE seq <= ?').run(last)
    this.#database.prepare('DELETE FROM audit_checkpoints WHERE size < ?').run(last)
  }

  /** Makes the first record that stays the first of its thread. */
  #leadAnew(last: number): void {
    const starts = this.#database.prepare(`
      SELECT rest.thread, min(rest.seq) AS first, start.session_id
      FROM audit rest JOIN audit start ON start.seq = rest.thread
      WHERE rest.thread <= ?1 AND rest.seq > ?1 GROUP BY rest.thread`)
    const name = this.#database.prepare(
      'UPDATE audit SET session_id = ?, thread = NULL WHERE seq = ?',
    )
    const lead = this.#database.prepare('UPDATE audit SET thread = ? WHERE thread = ? AND seq > ?')
    for (const row of starts.all(last)) {
      const [thread, first] = [integer(row, 'thread'), integer(row, 'first')]
      name.run(text(row, 'session_id'), first)
      lead.run(first, thread, first)
    }
  }
}

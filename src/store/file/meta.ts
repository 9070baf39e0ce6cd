import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { text } from '../row/row.ts'

/** Single facts about this store, by name. */
export class Meta {
  readonly #get: StatementSync
  readonly #set: StatementSync

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM meta WHERE name = ?')
    this.#set = database.prepare(`
      INSERT INTO meta (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
  }

  get(name: string): string | undefined {
    const row = this.#get.get(name)
    return row === undefined ? undefined : text(row, 'value')
  }

  set(name: string, value: string): void {
    this.#set.run(name, value)
  }
}

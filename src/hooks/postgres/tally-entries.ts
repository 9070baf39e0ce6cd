import pg from 'pg'
import type { AskServer } from './admin-database.ts'

const { escapeIdentifier: name } = pg

/** Keys that are read: what a person looks at. */
const MAX_KEYS = 1_000

/** The last value of a key, as its author wrote it. */
export interface TallyEntry {
  readonly key: string
  /** JSON, if its author is one of us. */
  readonly value: string
  /** A role. */
  readonly author: string
}

/** Reads the last value of each key, at most 1,000 of them in order of their names. */
export async function readEntries(ask: AskServer, schema: string): Promise<readonly TallyEntry[]> {
  const rows = await ask(
    `SELECT DISTINCT ON (key) key, value, author::text AS author FROM ${name(schema)}.entries
     WHERE kind = 'set' ORDER BY key, at DESC, author DESC LIMIT $1`,
    [MAX_KEYS],
  )
  return rows.map(({ key, value, author }) => ({
    key: String(key),
    value: String(value),
    author: String(author),
  }))
}

/** Adds an entry in this party's name. */
export async function addEntry(
  ask: AskServer,
  schema: string,
  { key, value }: Pick<TallyEntry, 'key' | 'value'>,
): Promise<void> {
  await ask(`INSERT INTO ${name(schema)}.entries (kind, key, value) VALUES ('set', $1, $2)`, [
    key,
    value,
  ])
}

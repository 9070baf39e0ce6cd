/** Words for types by the words that SQLite has for them. Text is compared by its bytes, as there. */
const TYPES: Readonly<Record<string, string>> = {
  TEXT: 'text COLLATE "C"',
  INTEGER: 'bigint',
  REAL: 'double precision',
  BLOB: 'bytea',
}

/** Writes definitions of tables as PostgreSQL takes them. @param sql with types in capitals */
export function postgresDdl(sql: string): string {
  return sql
    .replaceAll(/\b(?:TEXT|INTEGER|REAL|BLOB)\b/g, (word) => TYPES[word] ?? word)
    .replaceAll(/\) STRICT(?:, WITHOUT ROWID)?;/g, ');')
}

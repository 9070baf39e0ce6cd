/**
 * A change of the schema, for both engines. One text is enough if PostgreSQL takes it with other words for its types, see
 * `postgresDdl`.
 */
export type SchemaChange = string | { readonly sqlite: string; readonly postgres: string }

/** The version that PostgreSQL begins with; what SQLite had before is in `store/file/migrations.ts`. */
export const FIRST_SHARED_VERSION = 22

/**
 * The versions after that one, an entry each. Entries are never edited once released: a change is a new entry. A change of
 * the audit's tables has two texts, since on PostgreSQL they are views.
 */
export const SCHEMA_CHANGES: readonly SchemaChange[] = []

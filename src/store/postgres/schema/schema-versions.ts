import { FIRST_SHARED_VERSION, SCHEMA_CHANGES } from '../../schema/schema-changes.ts'
import { LEDGER_TABLES } from './ledger-tables.ts'
import { FUNCTIONS, NODE_TABLES } from './node-tables.ts'
import { postgresDdl } from './postgres-ddl.ts'
import { TALLY_TABLES, TALLY_TRIGGERS } from './tally-tables.ts'
import { TRAIL_TABLES } from './trail-tables.ts'

/** One version of the schema, and what leads to it from the one before. */
export interface SchemaVersion {
  readonly version: number
  readonly sql: string
}

const BASELINE = [
  FUNCTIONS,
  ...[NODE_TABLES, LEDGER_TABLES, TALLY_TABLES, TRAIL_TABLES].map(postgresDdl),
  TALLY_TRIGGERS,
].join('\n')

/** All versions, the oldest first. Their numbers are those of SQLite. */
export const SCHEMA_VERSIONS: readonly SchemaVersion[] = [
  BASELINE,
  ...SCHEMA_CHANGES.map((change) =>
    typeof change === 'string' ? postgresDdl(change) : change.postgres,
  ),
].map((sql, place) => ({ version: FIRST_SHARED_VERSION + place, sql }))

export const NEWEST_VERSION: number = FIRST_SHARED_VERSION + SCHEMA_CHANGES.length

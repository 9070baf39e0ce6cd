import pg from 'pg'
import { StoreDamagedError, StoreInUseError, StoreNewerError } from '../../errors.ts'
import { integer } from '../../row/row.ts'
import { transactionBounds } from '../connection/client-config.ts'
import { DatabaseSetupError } from '../connection/errors.ts'
import { commit } from '../connection/server-pool.ts'
import type { StorePlace } from '../connection/store-place.ts'
import { NEWEST_VERSION, SCHEMA_VERSIONS } from './schema-versions.ts'

/** PostgreSQL 15, as `server_version_num` has it. */
const OLDEST_SERVER = 150_000

const LOOK = `
  SELECT current_setting('server_version_num')::bigint AS server,
    current_setting('server_encoding') AS encoding,
    to_regnamespace($1) IS NOT NULL AS is_there,
    to_regclass($1 || '.schema_versions') IS NOT NULL AS is_ours,
    EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace($1)) AS is_full`

/** Nodes that are at work, by the database's clock. */
const AT_WORK = `
  SELECT count(*) AS count FROM nodes
  WHERE lease_until > (extract(epoch FROM clock_timestamp()) * 1000)::bigint`

/**
 * Brings the schema up to date in one transaction, and makes it if there is none. Of several processes one does it.
 * @param mayMake false if there has to be one
 * @throws StoreNewerError, StoreDamagedError if the schema is somebody else's or missing, StoreInUseError if nodes work on an older
 *   one, DatabaseSetupError if the server is too old; what pg throws
 */
export async function migrateSchema(
  client: pg.ClientBase,
  place: StorePlace,
  mayMake = true,
): Promise<void> {
  const found = await versionOf(client, place)
  if (found === NEWEST_VERSION) return
  if (found === 0 && !mayMake) {
    throw new StoreDamagedError(place.name, 'is missing, although there was one')
  }
  await client.query(`BEGIN; ${transactionBounds('pg_catalog')}`)
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lockName(place)])
  // Another process may have been first.
  const version = await versionOf(client, place)
  if (version === 0) await client.query(beginning(place))
  await client.query(`SET LOCAL search_path = ${pg.escapeIdentifier(place.schema)}`)
  if (version > 0) await refuseIfInUse(client, place)
  for (const { version: next, sql } of SCHEMA_VERSIONS.filter((each) => each.version > version)) {
    await client.query(sql)
    await client.query('INSERT INTO schema_versions (version) VALUES ($1)', [next])
  }
  await commit(client)
}

/** Returns the version of the schema, 0 if there is none. */
async function versionOf(client: pg.ClientBase, place: StorePlace): Promise<number> {
  const { rows } = await client.query(LOOK, [pg.escapeIdentifier(place.schema)])
  const [found = {}] = rows
  if (integer(found, 'server') < OLDEST_SERVER || found['encoding'] !== 'UTF8') {
    const problem = 'PostgreSQL 15 or newer is needed, and a database with the encoding UTF8'
    throw new DatabaseSetupError(problem, { server: place.server })
  }
  if (found['is_ours'] !== true) {
    if (found['is_full'] !== true) return 0
    throw new StoreDamagedError(place.name, 'is a schema, but not one of taleus')
  }
  const schema = pg.escapeIdentifier(place.schema)
  const newest = await client.query(`SELECT max(version) AS version FROM ${schema}.schema_versions`)
  const version = integer(newest.rows[0], 'version')
  if (version > NEWEST_VERSION) throw new StoreNewerError(place.name)
  return version
}

/** Makes the schema, which somebody with more rights may have done before, and the table of its versions. */
function beginning({ schema }: StorePlace): string {
  const name = pg.escapeIdentifier(schema)
  return `
    DO $$ BEGIN
      IF to_regnamespace(${pg.escapeLiteral(name)}) IS NULL THEN CREATE SCHEMA ${name}; END IF;
    END $$;
    CREATE TABLE ${name}.schema_versions (
      version bigint PRIMARY KEY,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`
}

async function refuseIfInUse(client: pg.ClientBase, place: StorePlace): Promise<void> {
  const { rows } = await client.query(AT_WORK)
  if (integer(rows[0], 'count') > 0) throw new StoreInUseError(place.name)
}

function lockName({ schema }: StorePlace): string {
  return `taleus schema ${schema}`
}

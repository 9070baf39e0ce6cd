import pg from 'pg'
import { DatabaseSetupError } from '../../store/postgres/connection/errors.ts'
import type { AskServer, ServerRow } from './admin-database.ts'

/** The lock under which rights are taken from PUBLIC: at once, that fails. */
const LOCK = 0x7a_1e_05

const { escapeIdentifier: name } = pg

const LOOK = `SELECT current_database() AS database,
  has_database_privilege('public', current_database(), 'CONNECT') AS connects,
  has_database_privilege('public', current_database(), 'TEMPORARY')
    OR has_database_privilege('public', current_database(), 'CREATE') AS creates,
  ARRAY(SELECT nspname::text FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      AND (has_schema_privilege('public', oid, 'USAGE') OR has_schema_privilege('public', oid, 'CREATE'))
  ) AS open,
  EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public')) AS used`

/**
 * Sees to it that what PostgreSQL gives to everybody does not reach a party: temporary tables, and the schema `public`.
 * These are taken away where nothing else lives in the database.
 * @throws DatabaseSetupError if a party would have more than its own schema
 */
export async function closeToPublic(ask: AskServer, server: string): Promise<void> {
  let found = await look(ask)
  if (isOpen(found) && isOurs(found)) {
    await ask('SELECT pg_advisory_xact_lock($1)', [LOCK])
    found = await look(ask)
    await ask(closing(found).join('; '))
    found = await look(ask)
  }
  if (found['connects'] !== true)
    throw new DatabaseSetupError('nobody may connect: GRANT CONNECT ON DATABASE … TO PUBLIC', {
      server,
    })
  if (!isOpen(found)) return
  const advice = closing(found).join('; ')
  throw new DatabaseSetupError(
    `everybody may do more in this database than a partner should. Give taleus a database of its own, or run as its owner: ${advice}`,
    { server },
  )
}

async function look(ask: AskServer): Promise<ServerRow> {
  const [found = {}] = await ask(LOOK)
  return found
}

function schemasOpen({ open }: ServerRow): readonly string[] {
  return Array.isArray(open) ? open.map(String) : []
}

/** Where nothing is in `public`, and no schema of somebody else is open, nobody will miss what is taken away. */
function isOurs(found: ServerRow): boolean {
  return found['used'] !== true && schemasOpen(found).every((schema) => schema === 'public')
}

function isOpen(found: ServerRow): boolean {
  return found['creates'] === true || schemasOpen(found).length > 0
}

function closing(found: ServerRow): readonly string[] {
  const { database } = found
  return [
    ...(found['creates'] === true
      ? [`REVOKE CREATE, TEMPORARY ON DATABASE ${name(String(database))} FROM PUBLIC`]
      : []),
    ...schemasOpen(found).map((schema) => `REVOKE ALL ON SCHEMA ${name(schema)} FROM PUBLIC`),
  ]
}

import pg from 'pg'
import type { AskServer } from './admin-database.ts'
import { lockOf, type TallyNames } from './tally-names.ts'

const { escapeIdentifier: name } = pg

/** Removes a tally's schema and roles, with whatever they own. In one transaction; nothing happens if they are not there. */
export async function dropSchema(ask: AskServer, names: TallyNames): Promise<void> {
  await ask('SELECT pg_advisory_xact_lock($1, $2)', lockOf(names))
  for (const role of [names.stock, names.foil]) await dropOwned(ask, role)
  await ask(`DROP SCHEMA IF EXISTS ${name(names.schema)} CASCADE`)
  await ask(`DROP ROLE IF EXISTS ${name(names.stock)}, ${name(names.foil)}`)
}

/** Removes what a role owns, be it a large object, and ends its connections: else neither it nor its schema could go. */
async function dropOwned(ask: AskServer, role: string): Promise<void> {
  const [found] = await ask(
    `SELECT pg_has_role(oid, 'USAGE') AS mine FROM pg_roles WHERE rolname = $1`,
    [role],
  )
  if (found === undefined) return
  if (found['mine'] !== true) await ask(`GRANT ${name(role)} TO CURRENT_USER`)
  await ask('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role])
  await ask(`DROP OWNED BY ${name(role)} CASCADE`)
}

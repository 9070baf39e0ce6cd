import pg from 'pg'
import type { AskServer, ServerRow } from './admin-database.ts'
import { TallyDatabaseTakenError } from './errors.ts'
import type { SchemaOrder } from './schema-order.ts'
import { schemaStatements } from './schema-statements.ts'
import { lockOf, type TallyNames } from './tally-names.ts'

const { escapeIdentifier: name, escapeLiteral: literal } = pg

/** Connections that one party may have at once. */
const MAX_PARTY_CONNECTIONS = 4

/**
 * Builds a tally's schema and its two roles, or finds them. In one transaction: all of it is there, or nothing.
 * @throws TallyDatabaseTakenError if it is there with another draft and somebody has written in it, or for a later redemption
 */
export async function provisionSchema(ask: AskServer, order: SchemaOrder): Promise<void> {
  const { names, draft } = order
  await ask('SELECT pg_advisory_xact_lock($1, $2)', lockOf(names))
  const [found = {}] = await ask(LOOK, [names.schema, names.stock, names.foil])
  await ask(['stock', 'foil'].map((half) => roleStatement(order, half, found)).join(';\n'))
  if (found['schema'] === true) {
    const held = await heldDraft(ask, names)
    if (held?.['draft_sha256'] === draft.sha256) return
    // What nobody has seen is built anew. It was for an attempt that came to nothing.
    const isFree =
      held === undefined || (held['entries'] === '0' && Number(held['fence']) <= order.fence)
    if (!isFree) throw new TallyDatabaseTakenError(order.tallyId)
    await ask(`DROP SCHEMA ${name(names.schema)} CASCADE`)
  }
  await ask(schemaStatements(order))
}

const LOOK = `SELECT to_regnamespace($1) IS NOT NULL AS schema,
  to_regrole($2) IS NOT NULL AS stock, to_regrole($3) IS NOT NULL AS foil`

/** Makes a role that may log in and nothing else; one that is there gets the same password again. */
function roleStatement({ names, verifiers }: SchemaOrder, half: string, found: ServerRow): string {
  const side = half === 'stock' ? 'stock' : 'foil'
  const role = name(names[side])
  const verb = found[side] === true ? 'ALTER' : 'CREATE'
  const path = `ALTER ROLE ${role} SET search_path = ${name(names.schema)}`
  return `${verb} ROLE ${role} LOGIN CONNECTION LIMIT ${MAX_PARTY_CONNECTIONS} PASSWORD ${literal(verifiers[side])};\n${path}`
}

async function heldDraft(ask: AskServer, { schema }: TallyNames): Promise<ServerRow | undefined> {
  const [tables] = await ask('SELECT to_regclass($1) IS NOT NULL AS held', [`${schema}.draft`])
  if (tables?.['held'] !== true) return undefined
  const [row] = await ask(`SELECT draft_sha256, fence,
    (SELECT count(*) FROM ${name(schema)}.entries) AS entries FROM ${name(schema)}.draft`)
  return row
}

import { createHash } from 'node:crypto'
import pg from 'pg'
import { MAX_DRAFT_BYTES } from '../../protocol/message/message-limits.ts'
import type { HookRefusal } from '../session-hooks.ts'
import type { AskServer } from './admin-database.ts'

const { escapeIdentifier: name } = pg

/**
 * Reads the draft as a party, compares its hash, and leaves a proof that this party has read it: a row that says who wrote it.
 * @param sha256 of the draft that both sides know
 */
export async function verifySchema(
  ask: AskServer,
  schema: string,
  sha256: string,
): Promise<true | HookRefusal> {
  const [draft] = await ask(
    `SELECT draft FROM ${name(schema)}.draft WHERE octet_length(draft) <= $1 LIMIT 2`,
    [MAX_DRAFT_BYTES],
  )
  const text = draft?.['draft']
  if (typeof text !== 'string' || hashOf(text) !== sha256)
    return refusal('the draft in the database is not the one that was agreed on')
  await ask(
    `INSERT INTO ${name(schema)}.entries (kind, key, value) SELECT 'proof', 'draft', $1
     WHERE NOT EXISTS (SELECT FROM ${name(schema)}.entries
       WHERE author = current_user AND kind = 'proof' AND key = 'draft' AND value = $1)`,
    [sha256],
  )
  const [proof] = await ask(
    `SELECT 1 AS there FROM ${name(schema)}.entries
     WHERE author = current_user AND kind = 'proof' AND key = 'draft' AND value = $1 LIMIT 1`,
    [sha256],
  )
  return proof === undefined ? refusal('the database does not keep what is written into it') : true
}

export function refusal(reason: string): HookRefusal {
  return { refused: 'database_refused', reason }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

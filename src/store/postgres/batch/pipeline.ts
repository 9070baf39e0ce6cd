import type pg from 'pg'
import type { Load, Loading } from '../loads/load.ts'
import { LOADS } from '../loads/loads.ts'
import type { Needs } from '../loads/needs.ts'
import type { SetStatement } from '../rows/stored-table.ts'

/** Names of prepared statements by their text. There are as many texts as statements in this room. */
const names = new Map<string, string>()

/** Sends a statement about many rows, prepared once for each connection. */
export function sent(client: pg.ClientBase, { sql, rows }: SetStatement): Promise<pg.QueryResult> {
  const name = names.get(sql) ?? `taleus_${names.size}`
  names.set(sql, name)
  return client.query({ name, text: sql, values: [rows] })
}

const ORDER = Object.entries(LOADS)

/**
 * Rows are found by their keys, whatever the planner believes: a plan that is kept from when the tables were small walks
 * through all of them when they are large.
 */
export const BY_KEYS = ['seqscan', 'hashjoin', 'mergejoin']
  .map((each) => `SET LOCAL enable_${each} = off`)
  .join('; ')

/** Locks what is loaded until the commit. */
export const FOR_CHANGE = 'FOR NO KEY UPDATE OF t'

/** Texts of loads, with a lock and without. */
const texts = new Map<string, string>()

function textOf(name: string, { list, sql }: Load, lock: string): string {
  const key = `${name} ${lock}`
  const text = texts.get(key) ?? sql(`json_to_recordset($1::json) AS v (${list})`, lock)
  texts.set(key, text)
  return text
}

/** Sends the statements that load what is needed and not loaded yet. @returns functions that take over the results */
export function loadsSent(
  client: pg.ClientBase,
  needs: Needs,
  lock: '' | typeof FOR_CHANGE,
): readonly Promise<(to: Loading) => void>[] {
  const taken = needs.take()
  return ORDER.flatMap(([name, load]) => {
    const { into, more } = load
    const keys = taken.get(name as keyof typeof LOADS)
    if (keys === undefined) return []
    const query = sent(client, { sql: textOf(name, load, lock), rows: JSON.stringify(keys) })
    return [
      query.then(({ rows }) => (to: Loading) => {
        into(to, rows)
        more?.(rows, needs)
      }),
    ]
  })
}

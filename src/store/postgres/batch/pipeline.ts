import pg from 'pg'
import type { Loading } from '../loads/load.ts'
import { LOADS } from '../loads/loads.ts'
import type { Needs } from '../loads/needs.ts'
import type { SetStatement } from '../rows/stored-table.ts'

/** in_failed_sql_transaction: a statement after the one that failed. */
const AFTER_FAILURE = '25P02'

/** Names of prepared statements by their text. There are as many texts as statements in this room. */
const names = new Map<string, string>()

/** Sends a statement about many rows, prepared once for each connection. */
export function sent(client: pg.ClientBase, { sql, rows }: SetStatement): Promise<pg.QueryResult> {
  const name = names.get(sql) ?? `taleus_${names.size}`
  names.set(sql, name)
  return client.query({ name, text: sql, values: [rows] })
}

/** Waits for statements that were sent one after another. @throws what the first one that failed threw */
export async function all<Result>(queries: readonly Promise<Result>[]): Promise<Result[]> {
  const results = await Promise.allSettled(queries)
  const failure = firstFailure(results)
  if (failure !== undefined) throw failure.reason
  return results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

/** Returns the cause: the statements behind it failed because of it. */
export function firstFailure(
  results: readonly PromiseSettledResult<unknown>[],
): PromiseRejectedResult | undefined {
  const failures = results.filter((each) => each.status === 'rejected')
  return failures.find(({ reason }) => !isAfterFailure(reason)) ?? failures[0]
}

function isAfterFailure(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === AFTER_FAILURE
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

/** Sends the statements that load what is needed and not loaded yet. @returns functions that take over the results */
export function loadsSent(
  client: pg.ClientBase,
  needs: Needs,
  lock: '' | typeof FOR_CHANGE,
): readonly Promise<(to: Loading) => void>[] {
  const taken = needs.take()
  return ORDER.flatMap(([name, { list, sql, into, more }]) => {
    const keys = taken.get(name as keyof typeof LOADS)
    if (keys === undefined) return []
    const text = sql(`json_to_recordset($1::json) AS v (${list})`, lock)
    const query = sent(client, { sql: text, rows: JSON.stringify(keys) })
    return [
      query.then(({ rows }) => (to: Loading) => {
        into(to, rows)
        more?.(rows, needs)
      }),
    ]
  })
}

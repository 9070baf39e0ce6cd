import pg from 'pg'

/** in_failed_sql_transaction: a statement after the one that failed. */
const AFTER_FAILURE = '25P02'

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

/** The part of a client that pg does not tell of, and that each query is written to by itself. */
interface Written {
  readonly connection?: {
    readonly stream?: { readonly cork?: () => void; readonly uncork?: () => void }
  }
}

/** Sends the queries that are begun meanwhile in one piece: a write to the system for each would cost more than they do here. */
export function inOnePiece<Result>(client: pg.ClientBase, send: () => Result): Result {
  const stream = (client as Written).connection?.stream
  stream?.cork?.()
  try {
    return send()
  } finally {
    stream?.uncork?.()
  }
}

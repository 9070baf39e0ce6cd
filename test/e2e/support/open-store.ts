import { openContext } from '../../../src/cli/context.ts'
import { change, type SqlValue } from '../../../src/store/query/query.ts'

type Context = ReturnType<typeof openContext>

/** Works on the store of a data directory as a command does, wherever that is; makes the party if there is none. */
export async function onStore<Result>(
  directory: string,
  work: (store: Awaited<ReturnType<Context['store']>>, context: Context) => Promise<Result>,
): Promise<Result> {
  const locations = { dataDirectory: directory, settingsDirectory: directory }
  const context = openContext(locations, () => undefined, {})
  try {
    return await work(await context.store(), context)
  } finally {
    await context.close()
  }
}

/** Changes the store of a data directory past the program: each statement in the SQL that all engines share. */
export function alterStore(
  directory: string,
  statements: readonly string[],
  ...values: readonly SqlValue[]
): Promise<void> {
  return onStore(directory, (store) =>
    store.transact(function* () {
      for (const sql of statements) yield* change(sql, ...values)
    }),
  )
}

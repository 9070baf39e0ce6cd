import { join } from 'node:path'
import { createFileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import type { DatabaseResult } from '../../../src/hooks/session-hooks.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import { ALICE, BOB, context, draftFor, provisionContext } from '../../contract/hooks-fixtures.ts'
import { temporaryDirectory } from '../cli/temporary-directory.ts'
import type { EmbeddedPostgres } from './embedded-postgres.ts'

/** A side that builds on a server: Alice, as stock. */
export interface BuildingSide {
  readonly store: Store
  readonly hooks: ReturnType<typeof createFileHooks>
  provision(tallyId: string, signal?: AbortSignal): Promise<DatabaseResult>
  deprovision(tallyId: string): Promise<void>
  /** As the other side has it. */
  built(tallyId: string): Promise<Parameters<BuildingSide['hooks']['database']['verify']>[0]>
  /** Gives its connections back, and removes what it has left on the server. */
  dispose(): Promise<void>
}

export async function buildingSide(
  server: EmbeddedPostgres,
  { url = server.url(), password = server.password } = {},
): Promise<BuildingSide> {
  const directory = await temporaryDirectory()
  const store = openStore(join(directory, 'taleus.db'))
  const database = { server: url, environment: { PGPASSWORD: password }, takesServers: true }
  const hooks = createFileHooks({ store, eventFile: join(directory, 'events.jsonl'), database })
  const provision = (tallyId: string, signal?: AbortSignal) =>
    hooks.database.provision('stock', ALICE, BOB, 's', provisionContext(tallyId, signal))
  return {
    store,
    hooks,
    provision,
    deprovision: (tallyId) => hooks.database.deprovision(tallyId, context()),
    built: async (tallyId) => {
      const { tally, dbConnectionInfo } = await provision(tallyId)
      return { tally, database: dbConnectionInfo, draft: draftFor('stock')(tallyId) }
    },
    dispose: async () => {
      await hooks.database.close()
      store.close()
      await server.removeTallies()
    },
  }
}

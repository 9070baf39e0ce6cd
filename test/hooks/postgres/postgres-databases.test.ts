import { join } from 'node:path'
import { beforeAll, describe } from 'vitest'
import { createFileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { holdToken } from '../../contract/file-hooks.ts'
import { describeHooks } from '../../contract/hooks-contract.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { type EmbeddedPostgres, sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'

describe.skipIf(!canRunPostgres())('on a real server', () => {
  let server: EmbeddedPostgres
  beforeAll(async () => {
    server = await sharedPostgres()
  })

  describeHooks('PostgreSQL', ['deprovision', 'status', 'verify'], async () => {
    const directory = await temporaryDirectory()
    const store = openStore(join(directory, 'taleus.db'))
    const hooks = createFileHooks({
      store,
      eventFile: join(directory, 'events.jsonl'),
      database: {
        server: server.url(),
        environment: { PGPASSWORD: server.password },
        takesServers: true,
      },
    })
    return {
      hooks,
      issue: (token) => holdToken(store, token),
      revoke: async (tokenId) => {
        await store.write(({ tokens }) => tokens.revoke(tokenId, 1))
      },
      dispose: async () => {
        await hooks.database.close()
        store.close()
        await server.removeTallies()
      },
    }
  })
})

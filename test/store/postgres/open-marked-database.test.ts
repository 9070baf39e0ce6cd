import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { parsePostgresUrl } from '../../../src/protocol/database/postgres-url.ts'
import {
  type DataDirectory,
  openDataDirectory,
} from '../../../src/store/directory/data-directory.ts'
import { readMarker } from '../../../src/store/directory/store-marker.ts'
import { openMarkedDatabase } from '../../../src/store/postgres/open-marked-database.ts'
import { appendAudit } from '../../../src/store/query/query.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import { transitionDraft } from '../../support/audit/drafts.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../support/postgres/store-database.ts'

describe.skipIf(!canRunPostgres())('a data directory with its store on a server', () => {
  let schema: StoreSchema
  let environment: Record<string, string>
  let directory: DataDirectory
  beforeEach(async () => {
    const server = await sharedPostgres()
    schema = storeSchema(server)
    onTestFinished(() => schema.dispose())
    environment = { PGPASSWORD: server.password }
    directory = openDataDirectory(await temporaryDirectory())
  })

  async function open(by = 'alice', more: { url?: string; directory?: DataDirectory } = {}) {
    const address = parsePostgresUrl(more.url ?? schema.url)
    const opener = { party: by, peerId: by }
    const store = await openMarkedDatabase(
      more.directory ?? directory,
      { address, environment },
      opener,
    )
    onTestFinished(() => store.close())
    return store
  }

  it('remembers it, and opens it again as the same node', async () => {
    const first = await open()
    const { storeId, own } = first.database
    expect(readMarker(directory)).toEqual({ id: storeId, place: first.path })
    expect((await open()).database).toMatchObject({ storeId, own })
  })

  it('does not open another party’s store, and changes nothing there', async () => {
    await open()
    const other = openDataDirectory(await temporaryDirectory())
    const refused = open('mallory', { directory: other })
    await expect(refused).rejects.toMatchObject({
      code: 'store_owner',
      owner: 'alice',
      party: 'mallory',
    })
    expect(readMarker(other)).toBeUndefined()
    expect(await schema.query('SELECT peer_id FROM nodes')).toEqual([{ peer_id: 'alice' }])
  })

  it('takes no empty store in the place of one that is lost', async () => {
    await open()
    await schema.query(`DROP SCHEMA ${schema.schema} CASCADE`)
    await expect(open()).rejects.toThrow(/is missing, although there was one/)
    await schema.query(`CREATE SCHEMA ${schema.schema}`)
    await expect(open()).rejects.toMatchObject({ code: 'store_damaged' })
    const again = openDataDirectory(await temporaryDirectory())
    await open('alice', { directory: again })
    await expect(open()).rejects.toThrow(/is not the one that this data directory has used/)
  })

  it('makes no file beside it, and a directory with a file has no store on a server', async () => {
    await open()
    await expect(openMarkedStore(directory)).rejects.toMatchObject({ code: 'store_elsewhere' })
    const other = openDataDirectory(await temporaryDirectory())
    const file = await openMarkedStore(other)
    file.close()
    await expect(open('alice', { directory: other })).rejects.toMatchObject({
      code: 'store_elsewhere',
    })
  })

  it('finds it under another name of the server', async () => {
    const { database } = await open()
    const renamed = await open('alice', { url: schema.url.replace('127.0.0.1', 'localhost') })
    expect(renamed.database.storeId).toBe(database.storeId)
    expect(readMarker(directory)?.place).toContain('localhost')
  })

  it('can’t be opened at a server that is away, with a wrong password, or without the database', async () => {
    await open()
    const away = schema.url.replace(/:\d+\//, ':1/')
    await expect(open('alice', { url: away })).rejects.toMatchObject({ code: 'store_unreachable' })
    const none = schema.url.replace('/tallies', '/nothing')
    await expect(open('alice', { url: none })).rejects.toMatchObject({ code: 'store_setup' })
    environment = { PGPASSWORD: 'another word' }
    await expect(open()).rejects.toMatchObject({ code: 'store_setup' })
  })

  it('has waited for all that was submitted when it is closed, and is closed once', async () => {
    const store = await open()
    const submitted = store.submit([{ op: 'appendAudit', draft: transitionDraft(1) }])
    await Promise.all([store.close(), store.close()])
    await submitted.durable
    const again = await open()
    await again.transact(() => appendAudit(transitionDraft(2)))
    expect(await schema.query('SELECT head_seq FROM nodes')).toEqual([{ head_seq: '2' }])
  })
})

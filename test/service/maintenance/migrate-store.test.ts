import { chmodSync, copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  type MigrateOrder,
  migrateStore,
  undoMigration,
} from '../../../src/service/maintenance/migrate-store.ts'
import { CARRIED_TABLES } from '../../../src/store/carry/carried-tables.ts'
import { SqliteSide } from '../../../src/store/carry/sqlite-side.ts'
import {
  type DataDirectory,
  openDataDirectory,
} from '../../../src/store/directory/data-directory.ts'
import { takeProcessLock } from '../../../src/store/directory/process-lock.ts'
import { takeProcessName } from '../../../src/store/directory/process-name.ts'
import { readMarker, writeMarker } from '../../../src/store/directory/store-marker.ts'
import { appendAudit } from '../../../src/store/query/query.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import { openPartyStore } from '../../../src/store/transaction/open-party-store.ts'
import { provenOwner } from '../../../src/store/transaction/proven-owner.ts'
import { bindStore } from '../../../src/store/transaction/store-owner.ts'
import { transitionDraft } from '../../support/audit/drafts.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { type EmbeddedPostgres, sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { type StoreSchema, storeSchema } from '../../support/postgres/store-database.ts'

type Order = Omit<MigrateOrder, 'direction'>

/** A party with a store of some history, and a place on a server. */
interface Scene {
  readonly directory: DataDirectory
  readonly schema: StoreSchema
  readonly order: Order
}

let server: EmbeddedPostgres

async function scene(kept = 'v22/inviter.db'): Promise<Scene> {
  const directory = openDataDirectory(await temporaryDirectory())
  copyFileSync(join(import.meta.dirname, '../../replay', kept), directory.storeFile)
  chmodSync(directory.storeFile, 0o600)
  const store = await openMarkedStore(directory)
  const owner = (await provenOwner(store)) ?? ''
  await bindStore(store, owner)
  store.close()
  const schema = storeSchema(server)
  onTestFinished(() => schema.dispose())
  const url = `${schema.url}&sslmode=disable`
  const environment = { PGPASSWORD: server.password }
  return { directory, schema, order: { party: owner, peerId: owner, server: url, environment } }
}

const toServer = ({ directory, order }: Scene) =>
  migrateStore(directory, { ...order, direction: 'to_server' })
const toFile = ({ directory, order }: Scene) =>
  migrateStore(directory, { ...order, direction: 'to_file' })

/** Opens the party's store where it is. */
async function opened({ directory, order }: Scene, isOnServer: boolean) {
  const { server: url, environment } = order
  const choice = { server: isOnServer ? url : undefined, environment }
  const store = await openPartyStore(directory, choice, order)
  onTestFinished(() => store.close())
  return store
}

/** True if the server's takes no writes. */
async function isFrozenThere({ schema }: Scene): Promise<boolean> {
  const moved = schema.query('UPDATE nodes SET head_seq = head_seq')
  return await moved.then(
    () => false,
    () => true,
  )
}

/** All rows of a file, by table. */
function rowsIn({ storeFile }: DataDirectory) {
  const database = new DatabaseSync(storeFile)
  const rows = CARRIED_TABLES.map((table) => {
    const columns = table === 'attempts' ? 'rowid, *' : '*'
    const all = database.prepare(`SELECT ${columns} FROM ${table}`).all()
    return [table, all.map((row) => JSON.stringify(row)).sort()] as const
  })
  database.close()
  return Object.fromEntries(rows)
}

const write = () => appendAudit(transitionDraft(1))

describe.skipIf(!canRunPostgres())('a store that is carried over to a server', () => {
  beforeEach(async () => {
    server = await sharedPostgres()
  })

  it.each(['v22/inviter.db', 'v22/invitee.db', 'v13/inviter.db'])(
    'and back, %s, is as it was',
    async (kept) => {
      const all = await scene(kept)
      const before = rowsIn(all.directory)
      const carried = await toServer(all)
      for (const table of CARRIED_TABLES) {
        expect([table, carried.rows[table]]).toEqual([table, before[table]?.length])
      }
      const back = await toFile(all)
      expect(back.head).toEqual(carried.head)
      expect(rowsIn(all.directory)).toEqual(before)
    },
  )

  it('goes on there where it was: numbers and fences count on', async () => {
    const all = await scene()
    const { head } = await toServer(all)
    const store = await opened(all, true)
    await store.transact(write)
    const [row] = await all.schema.query<{ head_seq: string }>('SELECT head_seq FROM nodes')
    expect(Number(row?.head_seq)).toBe(head.seq + 1)
    const database = new DatabaseSync(all.directory.storeFile)
    const { fence } = new SqliteSide(database)
    database.close()
    const [next] = await all.schema.query<{ next: string }>(`SELECT nextval('fences') AS next`)
    expect(Number(next?.next)).toBeGreaterThan(fence)
    const [free] = await all.schema.query<{ is_free: boolean }>(
      `SELECT nextval(pg_get_serial_sequence('sessions', 'seq')) > max(seq) AS is_free FROM sessions`,
    )
    expect(free?.is_free).toBe(true)
  })

  it('is left behind as it was, and neither opened nor written by who had it open', async () => {
    const all = await scene()
    const before = await opened(all, false)
    await toServer(all)
    await expect(before.transact(write)).rejects.toMatchObject({ code: 'store_carried' })
    await expect(opened(all, false)).rejects.toMatchObject({ code: 'store_elsewhere' })
    expect(readMarker(all.directory)?.place).toContain(all.schema.schema)
  })

  it('that was cut short before anything arrived goes on by the same again', async () => {
    const all = await scene()
    const database = new DatabaseSync(all.directory.storeFile)
    const { schema } = all.schema
    const place = `127.0.0.1:${server.port}/tallies, schema ${schema}`
    new SqliteSide(database).freeze(place)
    database.close()
    await expect(opened(all, false)).rejects.toMatchObject({ code: 'store_carried' })
    await toServer(all)
    await (await opened(all, true)).transact(write)
  })

  it('that was cut short after all had arrived is taken into use by the same again', async () => {
    const all = await scene()
    const { rows } = await toServer(all)
    const { id = '' } = readMarker(all.directory) ?? {}
    writeMarker(all.directory, { id })
    expect((await toServer(all)).rows).toEqual(rows)
    await (await opened(all, true)).transact(write)
  })

  it('is used as before if something else is there already', async () => {
    const all = await scene()
    await all.schema.open('somebody else')
    await expect(toServer(all)).rejects.toMatchObject({ code: 'carry_target' })
    await (await opened(all, false)).transact(write)
  })

  it('is used as before if its audit does not verify on arrival', async () => {
    const all = await scene()
    const database = new DatabaseSync(all.directory.storeFile)
    database.exec(`UPDATE audit SET record = replace(record, '"seq":3', '"seq":4') WHERE seq = 3`)
    database.close()
    await expect(toServer(all)).rejects.toMatchObject({ code: 'trail_unsound' })
    await (await opened(all, false)).transact(write)
    expect(await isFrozenThere(all)).toBe(true)
  })

  it('takes no writes while what has arrived may be in use there', async () => {
    const all = await scene()
    await toServer(all)
    const { id = '' } = readMarker(all.directory) ?? {}
    writeMarker(all.directory, { id })
    await all.schema.query(`INSERT INTO meta (name, value) VALUES ('written', 'there')`)
    await expect(toServer(all)).rejects.toMatchObject({ code: 'carried_differently' })
    await expect(opened(all, false)).rejects.toMatchObject({ code: 'store_carried' })
  })

  it('stays while a listener or another command is at work', async () => {
    const all = await scene()
    const lock = takeProcessLock(all.directory.lockFile)
    await expect(toServer(all)).rejects.toMatchObject({ code: 'listener_running' })
    lock?.release()
    const name = takeProcessName(all.directory)
    await expect(toServer(all)).rejects.toMatchObject({ code: 'carry_running' })
    name.release()
    await toServer(all)
  })

  it('is not taken back while a node is at work on the server', async () => {
    const all = await scene()
    await toServer(all)
    await all.schema.query(
      'UPDATE nodes SET lease_until = (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 60000',
    )
    const undone = undoMigration(all.directory, { ...all.order, direction: 'to_server' })
    await expect(undone).rejects.toMatchObject({ code: 'carry_nodes' })
    await (await opened(all, true)).transact(write)
    await expect(opened(all, false)).rejects.toMatchObject({ code: 'store_elsewhere' })
  })

  it('is taken back as it was then', async () => {
    const all = await scene()
    const before = rowsIn(all.directory)
    await toServer(all)
    await undoMigration(all.directory, { ...all.order, direction: 'to_server' })
    expect(rowsIn(all.directory)).toEqual(before)
    await (await opened(all, false)).transact(write)
    expect(await isFrozenThere(all)).toBe(true)
    const undone = undoMigration(all.directory, { ...all.order, direction: 'to_server' })
    await expect(undone).rejects.toMatchObject({ code: 'not_carried' })
  })
})

describe.skipIf(!canRunPostgres())('a store that is carried over from a server', () => {
  let all: Scene
  beforeEach(async () => {
    server = await sharedPostgres()
    all = await scene()
    await toServer(all)
  })

  it('takes no writes there any more, and the file of before is kept', async () => {
    const before = await opened(all, true)
    await before.transact(write)
    await toFile(all)
    await expect(before.transact(write)).rejects.toMatchObject({ code: 'store_carried' })
    await expect(opened(all, true)).rejects.toMatchObject({ code: 'store_elsewhere' })
    const store = await opened(all, false)
    await store.transact(write)
    const files = readdirSync(all.directory.path).filter((name) => /db\.(?:before|new)-/.test(name))
    expect(files).toEqual([expect.stringMatching(/^taleus\.db\.before-\d{8}T\d{9}$/)])
    expect(existsSync(all.directory.storeFile)).toBe(true)
  })

  it('stays there while a node is at work, and if several nodes have an audit', async () => {
    await all.schema.query('UPDATE nodes SET lease_until = 9e15')
    await expect(toFile(all)).rejects.toMatchObject({ code: 'carry_nodes' })
    await all.schema.query('UPDATE nodes SET lease_until = 0')
    const { server: url, environment, party } = all.order
    const other = openDataDirectory(await temporaryDirectory())
    const opener = { party, peerId: 'another node' }
    const store = await openPartyStore(other, { server: url, environment }, opener)
    await store.transact(write)
    await store.close()
    await expect(toFile(all)).rejects.toMatchObject({ code: 'carry_nodes' })
    await (await opened(all, true)).transact(() => metaRecords.set('still', 'used'))
  })

  it('is taken back as it was then', async () => {
    await toFile(all)
    await undoMigration(all.directory, { ...all.order, direction: 'to_file' })
    await (await opened(all, true)).transact(write)
    const file = new DatabaseSync(all.directory.storeFile)
    expect(new SqliteSide(file).carriedTo).toContain(all.schema.schema)
    file.close()
    // And over again.
    await toFile(all)
    await (await opened(all, false)).transact(write)
  })
})

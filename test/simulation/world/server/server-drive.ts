import pg from 'pg'
import { GENESIS } from '../../../../src/audit/record/chain.ts'
import {
  type PostgresAddress,
  parsePostgresUrl,
} from '../../../../src/protocol/database/postgres-url.ts'
import { STORE_TYPES } from '../../../../src/store/postgres/connection/column-values.ts'
import {
  type StorePlace,
  storePlace,
} from '../../../../src/store/postgres/connection/store-place.ts'
import { NODE_SETTING } from '../../../../src/store/postgres/schema/node-tables.ts'
import type { EmbeddedPostgres } from '../../../support/postgres/embedded-postgres.ts'
import { storeSchema } from '../../../support/postgres/store-database.ts'
import { type Drive, giveBackDrive, takeDrive } from '../disk.ts'
import { type MirroredRow, type MirroredTable, mirror, mirroredTables } from './mirror.ts'

/** Tables that say what the schema is, and not what is in it. */
const KEPT: ReadonlySet<string> = new Set(['nodes', 'schema_versions'])

/** A schema on a server for the store of one node, which is emptied and used again. */
export class ServerDrive {
  readonly address: PostgresAddress
  readonly place: StorePlace
  readonly node: number
  readonly password: string
  readonly #client: pg.Client
  readonly #wipe: string
  readonly #names: ReadonlySet<string>
  #drive: Drive | undefined
  #tables: readonly MirroredTable[] = []

  private constructor(
    client: pg.Client,
    { address, node, password }: Pick<ServerDrive, 'address' | 'node' | 'password'>,
    names: readonly { readonly name: string; readonly isTable: boolean }[],
  ) {
    this.address = address
    this.place = storePlace(address)
    this.node = node
    this.password = password
    this.#client = client
    this.#names = new Set(names.map(({ name }) => name))
    const tables = names.filter(({ name, isTable }) => isTable && !KEPT.has(name))
    this.#wipe = [
      `TRUNCATE ${tables.map(({ name }) => name).join(', ')} RESTART IDENTITY CASCADE`,
      `UPDATE nodes SET head_seq = 0, head_hash = '\\x${Buffer.from(GENESIS).toString('hex')}'`,
      'ALTER SEQUENCE fences RESTART',
    ].join('; ')
  }

  static async create(server: EmbeddedPostgres): Promise<ServerDrive> {
    const { url, schema, open } = storeSchema(server)
    const database = await open()
    const { node } = database.own
    await database.close()
    const { host, port, user, password } = server
    const where = { host, port, user, password, database: 'tallies', ssl: false }
    const client = new pg.Client({ ...where, types: STORE_TYPES })
    client.on('error', () => undefined)
    await client.connect()
    await client.query(`SET search_path = ${schema}; SET ${NODE_SETTING} = ${node}`)
    const { rows } = await client.query<{ name: string; table_type: string }>(
      `SELECT table_name::text AS name, table_type::text FROM information_schema.tables
       WHERE table_schema = '${schema}'`,
    )
    const names = rows.map(({ name, table_type }) => ({
      name,
      isTable: table_type === 'BASE TABLE',
    }))
    const facts = { address: parsePostgresUrl(url), node, password }
    return new ServerDrive(client, facts, names)
  }

  /** What the judge looks at. */
  get seen(): Drive {
    if (this.#drive === undefined) {
      this.#drive = takeDrive()
      this.#tables = mirroredTables(this.#drive.database, (name) => this.#names.has(name))
    }
    return this.#drive
  }

  /** Brings what is seen to what is committed. One at a time. */
  async refresh(): Promise<void> {
    const { database } = this.seen
    const tables = this.#tables
    const selects = tables.map(({ name }) => `SELECT * FROM ${name}`)
    const modes = 'ISOLATION LEVEL REPEATABLE READ READ ONLY'
    const sql = [`BEGIN ${modes}`, ...selects, 'COMMIT'].join('; ')
    // Of several statements pg gives several results.
    const results = (await this.#client.query(
      sql,
    )) as unknown as readonly pg.QueryResult<MirroredRow>[]
    const rows = new Map(tables.map((table, index) => [table, results[index + 1]?.rows ?? []]))
    mirror(database, tables, (table) => rows.get(table) ?? [])
  }

  /** Empties it, for the next run. */
  async wipe(): Promise<void> {
    await this.#client.query(this.#wipe)
    if (this.#drive !== undefined) giveBackDrive(this.#drive)
    this.#drive = undefined
  }

  async dispose(): Promise<void> {
    await this.#client.query(`DROP SCHEMA ${this.place.schema} CASCADE`)
    await this.#client.end()
  }
}

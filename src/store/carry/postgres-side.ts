import type pg from 'pg'
import type { ChainHead } from '../../audit/record/chain.ts'
import { patientQuery } from '../postgres/connection/client-config.ts'
import { CARRIED_CONSTRAINT } from '../postgres/connection/store-failure.ts'
import { SERVER_NOW } from '../postgres/node/nodes.ts'
import { STORE_FACTS } from '../records/meta-records.ts'
import { blob, integer, optionalText, type Row, text } from '../row/row.ts'
import { type CarriedTable, NUMBERED } from './carried-tables.ts'
import { quoted } from './sqlite-side.ts'

/** How long it may take to add up what a statement reads, ms: all of a large store. */
const MAX_READ_MS = 600_000

/** Not those that say which node works on something: a file has one. */
const COLUMNS = `
  SELECT column_name AS name, data_type AS type FROM information_schema.columns
  WHERE table_schema = current_schema AND table_name = $1 AND column_name NOT IN ('node', 'epoch')
  ORDER BY ordinal_position`

const FACTS = `
  SELECT (SELECT value FROM meta WHERE name = '${STORE_FACTS.id}') AS id,
    (SELECT value FROM meta WHERE name = '${STORE_FACTS.owner}') AS owner,
    (SELECT value FROM meta WHERE name = '${STORE_FACTS.carriedTo}') AS carried_to,
    (SELECT count(*) FROM nodes) AS nodes,
    (SELECT count(*) FROM nodes WHERE lease_until > ${SERVER_NOW}) AS at_work,
    (SELECT count(DISTINCT node) FROM audit_records) AS audits`

const JOIN = `
  INSERT INTO nodes (peer_id, head_seq, head_hash, joined_at) VALUES ($1, $2, $3, ${SERVER_NOW})
  RETURNING node`

/** Facts about a store on a server. */
export interface ServerFacts {
  readonly id: string | undefined
  readonly owner: string | undefined
  /** The place that it was, or is being, carried over to. */
  readonly carriedTo: string | undefined
  readonly nodes: number
  /** Nodes that hold a lease now. */
  readonly atWork: number
  /** Nodes that have an audit. */
  readonly audits: number
}

/** The side of a carry-over that is on a server, inside a transaction that the caller has begun. Its methods throw what pg throws. */
export class PostgresSide {
  readonly #client: pg.ClientBase
  readonly #types = new Map<string, ReadonlyMap<string, string>>()

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  async facts(): Promise<ServerFacts> {
    const { rows } = await this.#client.query(FACTS)
    const [row = {}] = rows
    const [id, owner] = [optionalText(row, 'id'), optionalText(row, 'owner')]
    const [nodes, atWork] = [integer(row, 'nodes'), integer(row, 'at_work')]
    const [carriedTo, audits] = [optionalText(row, 'carried_to'), integer(row, 'audits')]
    return { id, owner, carriedTo, nodes, atWork, audits }
  }

  /** The columns that both engines have. */
  async columns(table: CarriedTable): Promise<readonly string[]> {
    const { rows } = await this.#client.query(COLUMNS, [table])
    const types = new Map(rows.map((row) => [text(row, 'name'), text(row, 'type')]))
    this.#types.set(table, types)
    return [...types.keys()]
  }

  /** Refuses all writes from now on, of all nodes: each of them changes the row of its node. @param place it is carried over to */
  async freeze(place: string): Promise<void> {
    await this.#client.query('INSERT INTO meta (name, value) VALUES ($1, $2)', [
      STORE_FACTS.carriedTo,
      place,
    ])
    const check = `ALTER TABLE nodes ADD CONSTRAINT ${CARRIED_CONSTRAINT} CHECK (false) NOT VALID`
    await this.#client.query(check)
  }

  /** Takes writes again. */
  async thaw(): Promise<void> {
    await this.#client.query(`ALTER TABLE nodes DROP CONSTRAINT IF EXISTS ${CARRIED_CONSTRAINT}`)
    await this.#client.query('DELETE FROM meta WHERE name = $1', [STORE_FACTS.carriedTo])
  }

  /** Adds the node that the audit is of. */
  async join(peerId: string, head: ChainHead): Promise<number> {
    const { rows } = await this.#client.query(JOIN, [peerId, head.seq, Buffer.from(head.hash)])
    return integer(rows[0], 'node')
  }

  /** The node of this key, and the end of its audit; undefined if there is none. */
  async node(peerId: string): Promise<{ node: number; head: ChainHead } | undefined> {
    const sql = 'SELECT node, head_seq, head_hash FROM nodes WHERE peer_id = $1'
    const { rows } = await this.#client.query(sql, [peerId])
    const [row] = rows
    if (row === undefined) return undefined
    const head = { seq: integer(row, 'head_seq'), hash: blob(row, 'head_hash') }
    return { node: integer(row, 'node'), head }
  }

  async add(table: CarriedTable, columns: readonly string[], rows: readonly Row[]): Promise<void> {
    const types = this.#types.get(table)
    const lists = columns.map((column, at) => `$${at + 1}::${types?.get(column)}[]`).join(', ')
    const sql = `INSERT INTO ${table} (${columns.map(quoted).join(', ')}) SELECT * FROM unnest(${lists})`
    await this.#client.query(
      sql,
      columns.map((column) => rows.map((row) => sent(row[column]))),
    )
  }

  /** Reads a table, but for the note of the carry-over. */
  async *rows(table: CarriedTable, columns: readonly string[]): AsyncGenerator<readonly Row[]> {
    const where = table === 'meta' ? ` WHERE name <> '${STORE_FACTS.carriedTo}'` : ''
    const sql = `SELECT ${columns.map(quoted).join(', ')} FROM ${table}${where}`
    await this.#client.query(`DECLARE carried NO SCROLL CURSOR FOR ${sql}`)
    for (;;) {
      const { rows } = await this.#client.query<Row>('FETCH 200 FROM carried')
      if (rows.length === 0) break
      yield rows
    }
    await this.#client.query('CLOSE carried')
  }

  /** Lets numbers go on from those that are there. @param fence the last that was given out */
  async goOnFrom(fence: number): Promise<void> {
    for (const [table, column] of NUMBERED) {
      const sequence = `pg_get_serial_sequence('${table}', '${column}')`
      const sql = `SELECT setval(${sequence}, max(${column})) FROM ${table} HAVING max(${column}) IS NOT NULL`
      await this.#client.query(patientQuery(sql, MAX_READ_MS))
    }
    if (fence > 0) await this.#client.query(`SELECT setval('fences', $1)`, [fence])
  }

  /** A fence that none is above. */
  async fence(): Promise<number> {
    const sql = 'SELECT CASE WHEN is_called THEN last_value + 1024 ELSE 0 END AS fence FROM fences'
    const { rows } = await this.#client.query(sql)
    return integer(rows[0], 'fence')
  }
}

function sent(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : (value ?? null)
}

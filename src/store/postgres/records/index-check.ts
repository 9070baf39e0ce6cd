import type pg from 'pg'
import { integer, type Row } from '../../row/row.ts'
import { patientQuery } from '../connection/client-config.ts'
import { commit } from '../connection/server-pool.ts'
import type { StorePlace } from '../connection/store-place.ts'
import type { OwnNode } from '../node/node-head.ts'
import { beginning } from '../node/store-transaction.ts'

/** How long all records may take to be read, ms: an hour is a billion of them. */
const MAX_READ_MS = 3_600_000

/** One index of the audit: the rows that it is of, and what of them can be read from it. */
interface CheckedIndex {
  readonly condition: string
  /** A number for each row. Its sum is the same, whichever way the rows are read. */
  readonly figure: string
}

const EXPRESSION = (name: string): string =>
  `(CASE WHEN json_valid(record) THEN json_extract(record, '$.${name}') END)`

/** Each condition fits one index only. Those that begin with a value are about the records of all nodes. */
const INDICES = (node: number): readonly CheckedIndex[] => [
  { condition: `node = ${node}`, figure: 'seq' },
  { condition: 'session_id IS NOT NULL', figure: 'hashtextextended(session_id, 0)' },
  { condition: 'thread IS NOT NULL', figure: 'hashint8extended(thread, 0)' },
  ...['tokenId', 'peerId'].map((name) => ({
    condition: `thread IS NULL AND ${EXPRESSION(name)} IS NOT NULL`,
    figure: `hashtextextended(${EXPRESSION(name)}, 0)`,
  })),
]

const BY_TABLE = `SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off;
  SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = on`

const BY_INDEX = `SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;
  SET LOCAL enable_indexscan = on; SET LOCAL enable_indexonlyscan = on`

/**
 * Finds a record of the node's audit that an index of the server's does not lead to, though it should; for what is wrong in
 * another way the last record; undefined if all is well. Reads the table and its indices once or twice.
 * @throws what pg throws
 */
export async function unindexedIn(
  client: pg.ClientBase,
  place: StorePlace,
  own: OwnNode,
): Promise<number | undefined> {
  const { node } = own
  await client.query(beginning(place, own, 'read'))
  // All of it on one processor: what is added up is the same in any order.
  await client.query(
    'SET LOCAL statement_timeout = 0; SET LOCAL max_parallel_workers_per_gather = 0',
  )
  let found: number | undefined
  for (const index of INDICES(node)) {
    found = await hiddenFrom(client, index, node)
    if (found !== undefined) break
  }
  await commit(client)
  return found
}

async function hiddenFrom(
  client: pg.ClientBase,
  { condition, figure }: CheckedIndex,
  node: number,
): Promise<number | undefined> {
  const sum = `SELECT count(*) AS rows, sum(${figure}::numeric)::text AS figure
    FROM audit_records WHERE ${condition}`
  const [inTable, inIndex] = await bothWays(client, sum)
  if (JSON.stringify(inTable[0]) === JSON.stringify(inIndex[0])) return undefined
  // With the node as a condition the key's own index would be asked.
  const each = await bothWays(client, `SELECT node, seq FROM audit_records WHERE ${condition}`)
  const [all, led] = each.map((rows) => seqsOf(rows, node))
  const known = new Set(led)
  const hidden = (all ?? []).filter((seq) => !known.has(seq))
  if (hidden.length > 0) return hidden.reduce((one, other) => Math.min(one, other))
  const { rows } = await client.query(`SELECT head_seq FROM nodes WHERE node = ${node}`)
  return Math.max(1, integer(rows[0], 'head_seq'))
}

function seqsOf(rows: readonly Row[], node: number): readonly number[] {
  return rows.filter((row) => integer(row, 'node') === node).map((row) => integer(row, 'seq'))
}

/** Asks by reading the table, and then by an index. */
async function bothWays(
  client: pg.ClientBase,
  sql: string,
): Promise<readonly [readonly Row[], readonly Row[]]> {
  await client.query(BY_TABLE)
  const inTable = await client.query<Row>(patientQuery(sql, MAX_READ_MS))
  await client.query(BY_INDEX)
  const inIndex = await client.query<Row>(patientQuery(sql, MAX_READ_MS))
  return [inTable.rows, inIndex.rows]
}

import { GENESIS } from '../../../src/audit/record/chain.ts'
import { compact } from '../../../src/protocol/base/compact.ts'
import type { OfferedTerms } from '../../../src/session/machine/listener-state.ts'
import { NodeHead } from '../../../src/store/postgres/node/node-head.ts'
import type { StoreDatabase } from '../../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../../src/store/postgres/postgres-session-store.ts'
import { PostgresQueries } from '../../../src/store/postgres/records/postgres-queries.ts'
import {
  STORED_CHECKPOINTS,
  STORED_LOST_USES,
  STORED_REMOVALS,
} from '../../../src/store/postgres/rows/duty-rows.ts'
import { change, type Query, selectAll } from '../../../src/store/query/query.ts'
import { blob, integer, optionalInteger, type Row, text } from '../../../src/store/row/row.ts'
import { toEntry, toSummary } from '../../../src/store/sessions/session-row.ts'
import type {
  EngineInspection,
  EngineUnderTest,
  NewToken,
  OpenEngine,
} from '../../contract/session-store/engine.ts'
import { type CutLink, cutLink } from '../postgres/cut-link.ts'
import { sharedPostgres } from '../postgres/embedded-postgres.ts'
import { storeSchema } from '../postgres/store-database.ts'

const TABLES = [
  ...['answers', 'redemptions', 'past_terms', 'free_slots', 'declines', 'denials'],
  ...['pending_requests', 'tokens', 'attempts', 'notices', 'lost_uses', 'removals', 'tallies'],
  ...['tally_chunks', 'tally_sync', 'journal', 'sessions', 'audit_records', 'witnessed', 'meta'],
]

const EMPTY = [
  ...TABLES.map((table) => `DELETE FROM ${table}`),
  `UPDATE nodes SET head_seq = 0, head_hash = decode('${Buffer.from(GENESIS).toString('hex')}', 'hex')`,
  'ALTER SEQUENCE fences RESTART',
].join('; ')

/** A store of a node, which others may be on as well. */
export function engineOnDatabase(database: StoreDatabase, breakDown: () => void): OpenEngine {
  const { records } = database
  const store = new PostgresSessionStore(database)
  const ask = async (sql: string, ...values: readonly string[]): Promise<readonly Row[]> => {
    await store.settle()
    return records.query(() => selectAll(sql, ...values))
  }
  const write = async (work: () => Query<unknown>): Promise<void> => {
    await store.settle()
    await records.transact(work)
  }
  return {
    store,
    inspect: inspectionOf(ask),
    addToken: (token) => write(() => issue(token)),
    revokeToken: (id, at) =>
      write(() =>
        change('UPDATE tokens SET revoked_at = ?1 WHERE id = ?2 AND revoked_at IS NULL', at, id),
      ),
    pauseToken: (id, at) =>
      write(() => change('UPDATE tokens SET paused_at = ?1 WHERE id = ?2', at, id)),
    changeTerms: (id, terms) => write(() => changeTerms(id, terms)),
    addDocument: (tallyId, chunk) =>
      write(() =>
        change('INSERT INTO tally_chunks (tally_id, chunk) VALUES (?1, ?2)', tallyId, chunk),
      ),
    breakDown,
    close: () => store.settle(),
  }
}

function issue({ id, secretHash, role, uses, issuedAt, expiresAt, byHand, ...terms }: NewToken) {
  return change(
    `INSERT INTO tokens (id, secret_hash, role, uses, issued_at, expires_at, required, optional, terms, by_hand)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
    ...[id, secretHash, role, uses, issuedAt, expiresAt],
    ...columnsOf(terms),
    byHand === true ? 1 : 0,
  )
}

function columnsOf({ required, optional, terms }: OfferedTerms) {
  return [JSON.stringify(required), JSON.stringify(optional), JSON.stringify(terms)]
}

function* changeTerms(id: string, terms: OfferedTerms): Query<void> {
  const columns = columnsOf(terms)
  const differing = 'id = ?1 AND (required, optional, terms) <> (?2, ?3, ?4)'
  yield* change(
    `INSERT INTO past_terms (token_id, revision, required, optional, terms)
     SELECT id, revision, required, optional, terms FROM tokens t
     WHERE ${differing} AND EXISTS (SELECT 1 FROM redemptions r
       WHERE r.token_id = t.id AND r.released_at IS NULL AND r.revision = t.revision)`,
    id,
    ...columns,
  )
  yield* change(
    `UPDATE tokens SET required = ?2, optional = ?3, terms = ?4, revision = revision + 1
     WHERE ${differing}`,
    id,
    ...columns,
  )
}

const COUNTS = `
  SELECT uses, revoked_at,
    (SELECT count(*) FROM redemptions r WHERE r.token_id = t.id AND r.state = 'committed') AS used,
    (SELECT count(*) FROM redemptions r
      WHERE r.token_id = t.id AND r.reserved_until IS NOT NULL) AS reserved
  FROM tokens t WHERE id = ?1 AND forgotten_at IS NULL`

function inspectionOf(
  ask: (sql: string, ...values: readonly string[]) => Promise<readonly Row[]>,
): EngineInspection {
  return {
    session: async (id) =>
      (await ask('SELECT * FROM sessions WHERE id = ?1', id)).map(toSummary)[0],
    sessionIds: async () =>
      (await ask('SELECT id FROM sessions ORDER BY seq DESC')).map((row) => text(row, 'id')),
    journal: async (id) => {
      const sql = `SELECT j.seq, origin, target, event, at, ms FROM journal j
        JOIN sessions s ON s.seq = j.session WHERE s.id = ?1 ORDER BY j.seq`
      return (await ask(sql, id)).map(toEntry)
    },
    token: async (id) => {
      const [row] = await ask(COUNTS, id)
      return (
        row &&
        compact({
          uses: optionalInteger(row, 'uses') ?? null,
          used: integer(row, 'used'),
          reserved: integer(row, 'reserved'),
          revokedAt: optionalInteger(row, 'revoked_at'),
        })
      )
    },
    lostUses: async () => (await ask('SELECT * FROM lost_uses')).map(STORED_LOST_USES.toRow),
    removal: async (tallyId) =>
      (await ask('SELECT * FROM removals WHERE tally_id = ?1', tallyId)).map(
        (row) => STORED_REMOVALS.toRow(row).removal,
      )[0],
    document: async (tallyId) =>
      (await ask('SELECT chunk FROM tally_chunks WHERE tally_id = ?1 ORDER BY id', tallyId)).map(
        (row) => blob(row, 'chunk'),
      ),
    audit: async () =>
      (await ask('SELECT seq, record, hash FROM audit ORDER BY seq')).map((row) => ({
        seq: integer(row, 'seq'),
        text: text(row, 'record'),
        hash: blob(row, 'hash'),
      })),
    checkpoints: async (peerId) =>
      (await ask('SELECT * FROM witnessed WHERE peer_id = ?1 ORDER BY size', peerId)).map(
        STORED_CHECKPOINTS.toRow,
      ),
  }
}

/** A store that tests share, and the link to it. */
interface Shared {
  readonly database: StoreDatabase
  readonly link: CutLink
}

let shared: Promise<Shared> | undefined

async function made(): Promise<Shared> {
  const server = await sharedPostgres()
  const link = await cutLink(server.port)
  return { link, database: await storeSchema(server, link.port).open() }
}

/** Empties the store, which is faster than to make one, and opens it as a process that has just begun. */
async function emptied(database: StoreDatabase): Promise<StoreDatabase> {
  const { pool, place, own } = database
  const client = await pool.connected()
  await client.query(`SET search_path = ${place.schema}; ${EMPTY}; RESET search_path`)
  client.release()
  const head = new NodeHead(place, own)
  const records = new PostgresQueries({ pool, place, own, head })
  return { ...database, head, records }
}

/** One node on a real server. */
export const POSTGRES: EngineUnderTest = {
  name: 'PostgreSQL',
  isFar: true,
  open: async () => {
    shared ??= made()
    const { database, link } = await shared
    return engineOnDatabase(await emptied(database), () => {
      shared = undefined
      void link.close()
      void database.close()
    })
  },
}

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { AuditSeverity, AuditType } from '../../audit/record/record.ts'
import { integer, type Row, text } from '../row/row.ts'
import { PEER_ID, SESSION_ID, seqsNaming, startsNaming, TOKEN_ID } from './indexed-ids.ts'

/** Rows read at a time: so few that they are garbage-collected while they are young. */
const PAGE = 100

/** Length of a token's id, see `tokenIdOf`. A shorter text is the beginning of some. */
const TOKEN_ID_CHARACTERS = 16

/** The whole id of a peer with an Ed25519 key. */
const WHOLE_PEER_ID = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/

/**
 * How many threads may name an id for its records to be found by the index. Each page reads all of them; for a standing
 * invitation that is in more, walking the log takes no longer.
 */
const MAX_THREADS = 1_000

/** A record begins with its time, and an integer ends where the digits do: see `recordText`. */
const AT = `CAST(substr(record, ${'{"at":'.length + 1}, 17) AS INTEGER)`

/** Conditions on records. All that are given must hold. */
export interface AuditFilter {
  /** The whole id. */
  readonly sessionId?: string
  /** The beginning of an id. */
  readonly tokenId?: string
  /** The beginning or the end of an id. */
  readonly peerId?: string
  readonly types?: readonly AuditType[]
  readonly severities?: readonly AuditSeverity[]
  /** Milliseconds since the epoch, inclusive. */
  readonly since?: number
  /** Milliseconds since the epoch, exclusive. */
  readonly until?: number
}

/** One stored audit row. The hash is in hex: a million small buffers would take much room until they are collected. */
export interface HashedRow {
  readonly seq: number
  readonly text: string
  readonly hash: string
}

interface Condition {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

/**
 * Searches the audit, a page at a time and with no statement open in between. It returns candidates, found by their text:
 * the caller parses each and checks it.
 */
export class AuditReader {
  readonly #database: DatabaseSync
  /** The newest one. A walk needs the same for each page, and statements take room until they are garbage-collected. */
  #statement: { readonly sql: string; readonly prepared: StatementSync } | undefined

  /** By column: finds a thread beyond the first `MAX_THREADS`. */
  readonly #beyond = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** Returns the next candidates after `seq` and up to `upTo`, oldest first; none if there are no more. */
  after(filter: AuditFilter, seq: number, upTo: number): readonly HashedRow[] {
    return this.#page(filter, [seq, upTo], 'ASC')
  }

  /** Returns the next candidates before `seq`, newest first; none if there are no more. */
  before(filter: AuditFilter, seq: number): readonly HashedRow[] {
    return this.#page(filter, [0, seq - 1], 'DESC')
  }

  /** Counts the edits of a tally that the audit tells of. Reads all of it, so not for what is done often. */
  editsOf(tallyId: string): number {
    const row = this.#database
      .prepare(
        `SELECT count(*) AS edits FROM audit WHERE instr(record, '"command":"tally set"')
          AND instr(record, ?)`,
      )
      .get(`"tallyId":${JSON.stringify(tallyId)}`)
    return integer(row ?? {}, 'edits')
  }

  #page(
    filter: AuditFilter,
    range: readonly [after: number, upTo: number],
    order: 'ASC' | 'DESC',
  ): readonly HashedRow[] {
    const conditions = [
      { sql: 'seq > ? AND seq <= ?', values: range },
      ...this.#indexed(filter),
      ...conditionsOf(filter),
    ]
    const where = conditions.map(({ sql }) => `(${sql})`).join(' AND ')
    const sql = `SELECT seq, record, lower(hex(hash)) AS hash FROM audit WHERE ${where} ORDER BY seq ${order} LIMIT ${PAGE}`
    return this.#prepared(sql)
      .all(...conditions.flatMap(({ values }) => values))
      .map(toHashedRow)
  }

  /** Returns a condition by index for each id that is given whole and that few threads name. */
  #indexed({ tokenId, peerId }: AuditFilter): readonly Condition[] {
    const conditions: Condition[] = []
    const isToken = tokenId?.length === TOKEN_ID_CHARACTERS
    if (isToken && this.#isRare(TOKEN_ID, tokenId)) conditions.push(naming(TOKEN_ID, tokenId))
    const isPeer = peerId !== undefined && WHOLE_PEER_ID.test(peerId)
    if (isPeer && this.#isRare(PEER_ID, peerId)) conditions.push(naming(PEER_ID, peerId))
    return conditions
  }

  #isRare(column: string, id: string): boolean {
    const sql = `${startsNaming(column)} LIMIT 1 OFFSET ${MAX_THREADS}`
    const beyond = this.#beyond.get(column) ?? this.#database.prepare(sql)
    this.#beyond.set(column, beyond)
    return beyond.get(id) === undefined
  }

  #prepared(sql: string): StatementSync {
    if (this.#statement?.sql !== sql) {
      this.#statement = { sql, prepared: this.#database.prepare(sql) }
    }
    return this.#statement.prepared
  }
}

function conditionsOf(filter: AuditFilter): readonly Condition[] {
  const { sessionId, tokenId, peerId, types, severities, since, until } = filter
  return [
    ...(sessionId === undefined ? [] : [naming(SESSION_ID, sessionId)]),
    ...(tokenId === undefined ? [] : [anyOf([`"tokenId":${opened(tokenId)}`])]),
    ...(peerId === undefined ? [] : [anyOf([`"peerId":${opened(peerId)}`, closed(peerId)])]),
    ...(types === undefined ? [] : [anyOf(types.map((type) => `"type":"${type}"`))]),
    ...(severities === undefined ? [] : [anyOf(severities.map((each) => `"severity":"${each}"`))]),
    ...(since === undefined ? [] : [{ sql: `${AT} >= ?`, values: [since] }]),
    ...(until === undefined ? [] : [{ sql: `${AT} < ?`, values: [until] }]),
  ]
}

function naming(column: string, id: string): Condition {
  return { sql: `seq IN (${seqsNaming(column)})`, values: [id, id] }
}

function anyOf(parts: readonly string[]): Condition {
  if (parts.length === 0) return { sql: '0', values: [] }
  return { sql: parts.map(() => 'instr(record, ?) > 0').join(' OR '), values: parts }
}

/** Writes a text in JSON without its closing quote. */
function opened(text: string): string {
  return JSON.stringify(text).slice(0, -1)
}

/** Writes a text in JSON without its opening quote. */
function closed(text: string): string {
  return JSON.stringify(text).slice(1)
}

function toHashedRow(row: Row): HashedRow {
  return { seq: integer(row, 'seq'), text: text(row, 'record'), hash: text(row, 'hash') }
}

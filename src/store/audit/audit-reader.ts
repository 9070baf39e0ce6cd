import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { AuditSeverity, AuditType } from '../../audit/record/record.ts'
import { integer, type Row, text } from '../row/row.ts'
import type { AuditBlocks, Stretch, WantedId } from './audit-blocks.ts'

/** How many rows are read at a time: so few are collected while they are young. */
const PAGE = 100

/** By the index of sessions: the records that name it, and those that point to one of these. */
export const SEQS_OF_SESSION = `
  SELECT seq FROM audit WHERE session_id = ?
  UNION SELECT seq FROM audit WHERE thread IN (SELECT seq FROM audit WHERE session_id = ?)`

/** See `tokenIdOf`. A longer text is no id of a token, a shorter one the beginning of some. */
const TOKEN_ID_CHARACTERS = 16

/** Of an Ed25519 key, whole. */
const PEER_ID = /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/

/** A record begins with its time, and an integer ends where the digits do: see `recordText`. */
const AT = `CAST(substr(record, ${'{"at":'.length + 1}, 17) AS INTEGER)`

/** Which records are wanted. All given conditions must hold. */
export interface AuditFilter {
  /** The whole id. */
  readonly sessionId?: string
  /** The beginning of an id. */
  readonly tokenId?: string
  /** The beginning or the end of an id. */
  readonly peerId?: string
  readonly types?: readonly AuditType[]
  readonly severities?: readonly AuditSeverity[]
  /** Milliseconds since the epoch; that one is in. */
  readonly since?: number
  /** As `since`; that one is not in any more. */
  readonly until?: number
}

/** One stored audit row. The hash is in hex: a million of them as bytes of their own take room until they are collected. */
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
 * Looks for records in the audit, a page at a time and with no statement open in between. Where a token or a peer is
 * not named for sure, it does not look. What it finds by ids,
 * type and severity are candidates, found by the text alone: whoever reads a record sees if it is meant.
 */
export class AuditReader {
  readonly #database: DatabaseSync
  readonly #blocks: AuditBlocks
  /** The one in use: a walk asks the same thing for each of its pages, and a statement lives until it is collected. */
  #statement: { readonly sql: string; readonly prepared: StatementSync } | undefined

  constructor(database: DatabaseSync, blocks: AuditBlocks) {
    this.#database = database
    this.#blocks = blocks
  }

  /** The next candidates with a higher number and up to that one, oldest first; none: there are no more. */
  after(filter: AuditFilter, seq: number, upTo: number): readonly HashedRow[] {
    const wanted = wholeIds(filter)
    for (let after = seq; ; ) {
      const part = this.#blocks.firstPart(wanted, { after, upTo })
      if (part === undefined) return []
      const rows = this.#page(filter, part, 'ASC')
      if (rows.length > 0) return rows
      after = part.upTo
    }
  }

  /** The next candidates with a lower number, newest first; none: there are no more. */
  before(filter: AuditFilter, seq: number): readonly HashedRow[] {
    const wanted = wholeIds(filter)
    for (let upTo = seq - 1; ; ) {
      const part = this.#blocks.lastPart(wanted, { after: 0, upTo })
      if (part === undefined) return []
      const rows = this.#page(filter, part, 'DESC')
      if (rows.length > 0) return rows
      upTo = part.after
    }
  }

  #page(
    filter: AuditFilter,
    { after, upTo }: Stretch,
    order: 'ASC' | 'DESC',
  ): readonly HashedRow[] {
    const range = { sql: 'seq > ? AND seq <= ?', values: [after, upTo] }
    const conditions = [range, ...conditionsOf(filter)]
    const where = conditions.map(({ sql }) => `(${sql})`).join(' AND ')
    const sql = `SELECT seq, record, lower(hex(hash)) AS hash FROM audit WHERE ${where} ORDER BY seq ${order} LIMIT ${PAGE}`
    return this.#prepared(sql)
      .all(...conditions.flatMap(({ values }) => values))
      .map(toHashedRow)
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
    ...(sessionId === undefined
      ? []
      : [{ sql: `seq IN (${SEQS_OF_SESSION})`, values: [sessionId, sessionId] }]),
    ...(tokenId === undefined ? [] : [anyOf([`"tokenId":${opened(tokenId)}`])]),
    ...(peerId === undefined ? [] : [anyOf([`"peerId":${opened(peerId)}`, closed(peerId)])]),
    ...(types === undefined ? [] : [anyOf(types.map((type) => `"type":"${type}"`))]),
    ...(severities === undefined ? [] : [anyOf(severities.map((each) => `"severity":"${each}"`))]),
    ...(since === undefined ? [] : [{ sql: `${AT} >= ?`, values: [since] }]),
    ...(until === undefined ? [] : [{ sql: `${AT} < ?`, values: [until] }]),
  ]
}

/** Those that are given whole, and that a block of records can be asked for. */
function wholeIds({ tokenId, peerId }: AuditFilter): readonly WantedId[] {
  return [
    ...(tokenId?.length === TOKEN_ID_CHARACTERS ? [{ kind: 'token' as const, id: tokenId }] : []),
    ...(peerId !== undefined && PEER_ID.test(peerId)
      ? [{ kind: 'peer' as const, id: peerId }]
      : []),
  ]
}

function anyOf(parts: readonly string[]): Condition {
  if (parts.length === 0) return { sql: '0', values: [] }
  return { sql: parts.map(() => 'instr(record, ?) > 0').join(' OR '), values: parts }
}

/** The beginning of a text as JSON has it. */
function opened(text: string): string {
  return JSON.stringify(text).slice(0, -1)
}

/** The end of one. */
function closed(text: string): string {
  return JSON.stringify(text).slice(1)
}

function toHashedRow(row: Row): HashedRow {
  return { seq: integer(row, 'seq'), text: text(row, 'record'), hash: text(row, 'hash') }
}

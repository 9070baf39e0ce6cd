import type { AuditSeverity, AuditType } from '../../audit/record/record.ts'
import { type Query, type SqlValue, selectAll, selectOne } from '../query/query.ts'
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

/** A record begins so, and then comes its time: see `recordText`. */
const TIME_AT = '{"at":'.length + 1

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

/** Binds a value and returns its place in the statement, like `?3`. */
type Bind = (value: SqlValue) => string

type Condition = (bind: Bind) => string

/**
 * Searches the audit, a page at a time. It returns candidates, found by their text: the caller parses each and checks it.
 */
export const auditSearch = {
  /** Returns the next candidates after `seq` and up to `upTo`, oldest first; none if there are no more. */
  *after(filter: AuditFilter, seq: number, upTo: number): Query<readonly HashedRow[]> {
    return yield* page(filter, [seq, upTo], 'ASC')
  },

  /** Returns the next candidates before `seq`, newest first; none if there are no more. */
  *before(filter: AuditFilter, seq: number): Query<readonly HashedRow[]> {
    return yield* page(filter, [0, seq - 1], 'DESC')
  },

  /** Counts the edits of a tally that the audit tells of. Reads all of it, so not for what is done often. */
  *editsOf(tallyId: string): Query<number> {
    const sql = `
      SELECT count(*) AS edits FROM audit
      WHERE instr(record, '"command":"tally set"') > 0 AND instr(record, ?1) > 0`
    const row = yield* selectOne(sql, `"tallyId":${JSON.stringify(tallyId)}`)
    return integer(row ?? {}, 'edits')
  },
}

function* page(
  filter: AuditFilter,
  [after, upTo]: readonly [after: number, upTo: number],
  order: 'ASC' | 'DESC',
): Query<readonly HashedRow[]> {
  const values: SqlValue[] = []
  const bind: Bind = (value) => `?${values.push(value)}`
  const conditions: readonly Condition[] = [
    () => `seq > ${bind(after)} AND seq <= ${bind(upTo)}`,
    ...(yield* indexed(filter)),
    ...conditionsOf(filter),
  ]
  const where = conditions.map((condition) => `(${condition(bind)})`).join(' AND ')
  const sql = `
    SELECT seq, record, lower(hex(hash)) AS hash FROM audit
    WHERE ${where} ORDER BY seq ${order} LIMIT ${PAGE}`
  return (yield* selectAll(sql, ...values)).map(toHashedRow)
}

/** Returns a condition by index for each id that is given whole and that few threads name. */
function* indexed({ tokenId, peerId }: AuditFilter): Query<readonly Condition[]> {
  const conditions: Condition[] = []
  const isToken = tokenId?.length === TOKEN_ID_CHARACTERS
  if (isToken && (yield* isRare(TOKEN_ID, tokenId))) conditions.push(naming(TOKEN_ID, tokenId))
  const isPeer = peerId !== undefined && WHOLE_PEER_ID.test(peerId)
  if (isPeer && (yield* isRare(PEER_ID, peerId))) conditions.push(naming(PEER_ID, peerId))
  return conditions
}

function* isRare(column: string, id: string): Query<boolean> {
  const beyond = `${startsNaming(column, '?1')} LIMIT 1 OFFSET ${MAX_THREADS}`
  return (yield* selectOne(beyond, id)) === undefined
}

function conditionsOf(filter: AuditFilter): readonly Condition[] {
  const { sessionId, tokenId, peerId, types, severities, since, until } = filter
  return [
    ...(sessionId === undefined ? [] : [naming(SESSION_ID, sessionId)]),
    ...(tokenId === undefined ? [] : [anyOf([`"tokenId":${opened(tokenId)}`])]),
    ...(peerId === undefined ? [] : [anyOf([`"peerId":${opened(peerId)}`, closed(peerId)])]),
    ...(types === undefined ? [] : [anyOf(types.map((type) => `"type":"${type}"`))]),
    ...(severities === undefined ? [] : [anyOf(severities.map((each) => `"severity":"${each}"`))]),
    ...(since === undefined ? [] : [writtenSince(since)]),
    ...(until === undefined ? [] : [not(writtenSince(until))]),
  ]
}

function naming(column: string, id: string): Condition {
  return (bind) => `seq IN (${seqsNaming(column, bind(id))})`
}

function anyOf(parts: readonly string[]): Condition {
  if (parts.length === 0) return () => '1 = 0'
  return (bind) => parts.map((part) => `instr(record, ${bind(part)}) > 0`).join(' OR ')
}

/**
 * Compares times as they are written: the one with more digits is the later one. Their digits end at the first comma.
 * @param time ms since the epoch
 */
function writtenSince(time: number): Condition {
  // No record is from before the epoch, and a sign is no digit.
  if (time <= 0) return () => '1 = 1'
  const digits = String(time)
  const comma = TIME_AT + digits.length
  const written = `substr(record, ${TIME_AT}, ${digits.length})`
  return (bind) =>
    `instr(record, ',') > ${comma} OR (instr(record, ',') = ${comma} AND ${written} >= ${bind(digits)})`
}

function not(condition: Condition): Condition {
  return (bind) => `NOT (${condition(bind)})`
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

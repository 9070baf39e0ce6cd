import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { valueLists } from '../query/value-lists.ts'
import { integer, optionalInteger, optionalText, type Row, text, texts } from '../row/row.ts'

/** Facts about one tally's document, here and at the partner. */
export interface TallySyncRow {
  /** Heads of the document here, in order; undefined: to be looked up in the document. */
  readonly heads: readonly string[] | undefined
  /** Heads that the partner has told last; undefined: it never did. */
  readonly partnerHeads: readonly string[] | undefined
  /** Changes made here since the documents were last found equal. */
  readonly ahead: number
  /** Heads of the partner's that are not here, when it told them. */
  readonly behind: number
  /** When the partner last told its heads, ms since the epoch. */
  readonly partnerSeenAt: number | undefined
  /** When it was last sought in vain, after it was last met. */
  readonly missedAt: number | undefined
  /** Why it is not synced any further. */
  readonly stop: string | undefined
  readonly stoppedAt: number | undefined
  /** True if the document has changes that were made before changes were signed, and are not signed since. */
  readonly isUnsigned: boolean
}

/** Tallies by how their documents stand to the partners'. One may be both ahead and behind. */
export interface SyncCounts {
  /** Equal when the partners last met, and not changed here since. */
  readonly inSync: number
  /** Changed here, and the partner has not got it as far as it was told. */
  readonly ahead: number
  /** The partner has changes that are not here. */
  readonly behind: number
  /** Not synced any further. */
  readonly stopped: number
}

const NOTHING_KNOWN: TallySyncRow = {
  heads: undefined,
  partnerHeads: undefined,
  ahead: 0,
  behind: 0,
  partnerSeenAt: undefined,
  missedAt: undefined,
  stop: undefined,
  stoppedAt: undefined,
  isUnsigned: false,
}

const ADD = 'INSERT INTO tally_sync (tally_id) VALUES (?1) ON CONFLICT (tally_id) DO NOTHING'

const MET = `
  UPDATE tally_sync SET partner_heads = ?1, ahead = ?2, behind = ?3, partner_seen_at = ?4,
    missed_at = NULL WHERE tally_id = ?5`

const AHEAD_AMONG = (list: string) =>
  `SELECT ahead FROM tally_sync WHERE (tally_id, heads) IN (VALUES ${list})`

/** Where something was set here meanwhile they are not equal any more. */
const EQUAL_AMONG = (list: string) => `
  UPDATE tally_sync SET partner_heads = heads, ahead = 0, behind = 0, partner_seen_at = ?1,
    missed_at = NULL, stop = NULL, stopped_at = NULL
  WHERE (tally_id, heads) IN (VALUES ${list})`

const DUE = `
  SELECT t.partner FROM (SELECT DISTINCT peer_id FROM partner_addresses) p
  JOIN tallies t ON t.partner = p.peer_id LEFT JOIN tally_sync s ON s.tally_id = t.tally_id
  WHERE t.withdrawn_at IS NULL AND t.engine = 'automerge' AND s.stop IS NULL
    AND (s.partner_seen_at IS NULL OR s.partner_seen_at < ?1 OR s.ahead > 0 OR s.behind > 0)
  GROUP BY t.partner ORDER BY max(coalesce(s.missed_at, 0)), t.partner LIMIT ?2`

const STATES = `
  SELECT count(*) FILTER (WHERE stop IS NULL AND partner_seen_at IS NOT NULL AND ahead = 0
      AND behind = 0) AS in_sync,
    count(*) FILTER (WHERE stop IS NULL AND ahead > 0) AS ahead,
    count(*) FILTER (WHERE stop IS NULL AND behind > 0) AS behind,
    count(*) FILTER (WHERE stop IS NOT NULL) AS stopped FROM tally_sync`

/** The sync of tallies' documents with the partners. The tables' triggers drop heads when a document changes. */
export const tallySyncRecords = {
  *find(tallyId: string): Query<TallySyncRow> {
    const row = yield* selectOne('SELECT * FROM tally_sync WHERE tally_id = ?1', tallyId)
    return row === undefined ? NOTHING_KNOWN : toTallySync(row)
  },

  *setHeads(tallyId: string, heads: readonly string[]): Query<void> {
    yield* change(ADD, tallyId)
    const sql = 'UPDATE tally_sync SET heads = ?1 WHERE tally_id = ?2'
    yield* change(sql, JSON.stringify(heads), tallyId)
  },

  /** Counts a change that was made here. @param heads of the document with it */
  *noteEdit(tallyId: string, heads: readonly string[]): Query<void> {
    yield* tallySyncRecords.setHeads(tallyId, heads)
    yield* change('UPDATE tally_sync SET ahead = ahead + 1 WHERE tally_id = ?1', tallyId)
  },

  /** Notes what the partner has told. */
  *noteMet(
    tallyId: string,
    {
      partnerHeads,
      ahead,
      behind,
      at,
    }: { readonly partnerHeads: readonly string[] } & Record<'ahead' | 'behind' | 'at', number>,
  ): Query<void> {
    yield* change(ADD, tallyId)
    yield* change(MET, JSON.stringify(partnerHeads), ahead, behind, at, tallyId)
  },

  /**
   * Notes that these are the heads of the document here, and the partner's.
   * @returns the changes made here that the partner was not known to have
   */
  *noteEqual(
    tallies: readonly { readonly tallyId: string; readonly heads: readonly string[] }[],
    at: number,
  ): Query<number> {
    const told = tallies.map(({ tallyId, heads }) => [tallyId, JSON.stringify(heads)])
    let given = 0
    for (const { sql, values } of valueLists(told, 0)) {
      const rows = yield* selectAll(AHEAD_AMONG(sql), ...values)
      given += rows.reduce((sum, row) => sum + integer(row, 'ahead'), 0)
    }
    for (const { sql, values } of valueLists(told, 1)) {
      yield* change(EQUAL_AMONG(sql), at, ...values)
    }
    return given
  },

  /** Notes that the partner could not be met. */
  *noteMissed(tallyId: string, at: number): Query<void> {
    yield* change(ADD, tallyId)
    yield* change('UPDATE tally_sync SET missed_at = ?1 WHERE tally_id = ?2', at, tallyId)
  },

  /**
   * Lists partners whose addresses are known and with whom a document is not equal, or who were last met before `seenBefore`;
   * those that were missed go behind, the latest last.
   */
  *duePartners(seenBefore: number, limit: number): Query<readonly string[]> {
    return (yield* selectAll(DUE, seenBefore, limit)).map((row) => text(row, 'partner'))
  },

  /** Notes that there are signatures of all changes. */
  *noteAllSigned(tallyId: string): Query<void> {
    yield* change('UPDATE tally_sync SET unsigned = 0 WHERE tally_id = ?1', tallyId)
  },

  /** Counts tallies whose document was set or synced, by how it stands to the partner's. */
  *countStates(): Query<SyncCounts> {
    const row = (yield* selectOne(STATES)) ?? {}
    return {
      inSync: integer(row, 'in_sync'),
      ahead: integer(row, 'ahead'),
      behind: integer(row, 'behind'),
      stopped: integer(row, 'stopped'),
    }
  },

  /** Counts the tallies that are not synced any further. */
  *countStopped(): Query<number> {
    const sql = 'SELECT count(*) AS count FROM tally_sync WHERE stop IS NOT NULL'
    return integer((yield* selectOne(sql)) ?? {}, 'count')
  },

  /** @param stop undefined: it is synced again */
  *setStop(tallyId: string, stop: string | undefined, at: number): Query<void> {
    yield* change(ADD, tallyId)
    const sql = 'UPDATE tally_sync SET stop = ?1, stopped_at = ?2 WHERE tally_id = ?3'
    yield* change(sql, stop ?? null, stop === undefined ? null : at, tallyId)
  },
}

function toTallySync(row: Row): TallySyncRow {
  return {
    heads: headsIn(row, 'heads'),
    partnerHeads: headsIn(row, 'partner_heads'),
    ahead: integer(row, 'ahead'),
    behind: integer(row, 'behind'),
    partnerSeenAt: optionalInteger(row, 'partner_seen_at'),
    missedAt: optionalInteger(row, 'missed_at'),
    stop: optionalText(row, 'stop'),
    stoppedAt: optionalInteger(row, 'stopped_at'),
    isUnsigned: integer(row, 'unsigned') === 1,
  }
}

export function headsIn(row: Row, column: string): readonly string[] | undefined {
  return row[column] === null ? undefined : texts(row, column)
}

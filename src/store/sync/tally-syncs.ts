import type { DatabaseSync, StatementSync } from 'node:sqlite'
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

/** The sync of tallies' documents with the partners. The tables' triggers drop heads when a document changes. */
export class TallySyncs {
  readonly #find: StatementSync
  readonly #add: StatementSync
  readonly #setHeads: StatementSync
  readonly #edited: StatementSync
  readonly #met: StatementSync
  readonly #equal: StatementSync
  readonly #aheadAmong: StatementSync
  readonly #missed: StatementSync
  readonly #states: StatementSync
  readonly #stopped: StatementSync
  readonly #stop: StatementSync
  readonly #due: StatementSync
  readonly #allSigned: StatementSync

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT * FROM tally_sync WHERE tally_id = ?')
    this.#add = database.prepare(
      'INSERT INTO tally_sync (tally_id) VALUES (?) ON CONFLICT (tally_id) DO NOTHING',
    )
    this.#setHeads = database.prepare('UPDATE tally_sync SET heads = ? WHERE tally_id = ?')
    this.#edited = database.prepare('UPDATE tally_sync SET ahead = ahead + 1 WHERE tally_id = ?')
    this.#met = database.prepare(`
      UPDATE tally_sync SET partner_heads = ?, ahead = ?, behind = ?, partner_seen_at = ?,
        missed_at = NULL WHERE tally_id = ?`)
    // Where something was set here meanwhile they are not equal any more.
    this.#equal = database.prepare(`
      UPDATE tally_sync AS s SET partner_heads = s.heads, ahead = 0, behind = 0,
        partner_seen_at = ?2, missed_at = NULL, stop = NULL, stopped_at = NULL
      FROM json_each(?1) e WHERE s.tally_id = e.value ->> 0 AND s.heads = e.value ->> 1`)
    this.#aheadAmong = database.prepare(`
      SELECT coalesce(sum(s.ahead), 0) AS ahead FROM json_each(?1) e
      JOIN tally_sync s ON s.tally_id = e.value ->> 0 AND s.heads = e.value ->> 1`)
    this.#missed = database.prepare('UPDATE tally_sync SET missed_at = ? WHERE tally_id = ?')
    this.#due = database.prepare(`
      SELECT t.partner FROM (SELECT DISTINCT peer_id FROM partner_addresses) p
      JOIN tallies t ON t.partner = p.peer_id LEFT JOIN tally_sync s ON s.tally_id = t.tally_id
      WHERE t.withdrawn_at IS NULL AND t.engine = 'automerge' AND s.stop IS NULL
        AND (s.partner_seen_at IS NULL OR s.partner_seen_at < ?1 OR s.ahead > 0 OR s.behind > 0)
      GROUP BY t.partner ORDER BY max(coalesce(s.missed_at, 0)), t.partner LIMIT ?2`)
    this.#allSigned = database.prepare('UPDATE tally_sync SET unsigned = 0 WHERE tally_id = ?')
    this.#states = database.prepare(`SELECT
      count(*) FILTER (WHERE stop IS NULL AND partner_seen_at IS NOT NULL AND ahead = 0 AND behind = 0) AS in_sync,
      count(*) FILTER (WHERE stop IS NULL AND ahead > 0) AS ahead,
      count(*) FILTER (WHERE stop IS NULL AND behind > 0) AS behind,
      count(*) FILTER (WHERE stop IS NOT NULL) AS stopped FROM tally_sync`)
    this.#stopped = database.prepare(
      'SELECT count(*) AS count FROM tally_sync WHERE stop IS NOT NULL',
    )
    this.#stop = database.prepare(
      'UPDATE tally_sync SET stop = ?, stopped_at = ? WHERE tally_id = ?',
    )
  }

  find(tallyId: string): TallySyncRow {
    const row = this.#find.get(tallyId)
    return row === undefined ? NOTHING_KNOWN : toTallySync(row)
  }

  setHeads(tallyId: string, heads: readonly string[]): void {
    this.#add.run(tallyId)
    this.#setHeads.run(JSON.stringify(heads), tallyId)
  }

  /** Counts a change that was made here. @param heads of the document with it */
  noteEdit(tallyId: string, heads: readonly string[]): void {
    this.setHeads(tallyId, heads)
    this.#edited.run(tallyId)
  }

  /** Notes what the partner has told. */
  noteMet(
    tallyId: string,
    {
      partnerHeads,
      ahead,
      behind,
      at,
    }: { readonly partnerHeads: readonly string[] } & Record<'ahead' | 'behind' | 'at', number>,
  ): void {
    this.#add.run(tallyId)
    this.#met.run(JSON.stringify(partnerHeads), ahead, behind, at, tallyId)
  }

  /**
   * Notes that these are the heads of the document here, and the partner's.
   * @returns the changes made here that the partner was not known to have
   */
  noteEqual(
    tallies: readonly { readonly tallyId: string; readonly heads: readonly string[] }[],
    at: number,
  ): number {
    const told = tallies.map(({ tallyId, heads }) => [tallyId, JSON.stringify(heads)])
    const json = JSON.stringify(told)
    const given = integer(this.#aheadAmong.get(json) ?? {}, 'ahead')
    this.#equal.run(json, at)
    return given
  }

  /** Notes that the partner could not be met. */
  noteMissed(tallyId: string, at: number): void {
    this.#add.run(tallyId)
    this.#missed.run(at, tallyId)
  }

  /**
   * Lists partners whose addresses are known and with whom a document is not equal, or who were last met before `seenBefore`;
   * those that were missed go behind, the latest last.
   */
  duePartners(seenBefore: number, limit: number): readonly string[] {
    return this.#due.all(seenBefore, limit).map((row) => text(row, 'partner'))
  }

  /** Notes that there are signatures of all changes. */
  noteAllSigned(tallyId: string): void {
    this.#allSigned.run(tallyId)
  }

  /** Counts tallies whose document was set or synced, by how it stands to the partner's. */
  countStates(): SyncCounts {
    const row = this.#states.get() ?? {}
    return {
      inSync: integer(row, 'in_sync'),
      ahead: integer(row, 'ahead'),
      behind: integer(row, 'behind'),
      stopped: integer(row, 'stopped'),
    }
  }

  /** Counts the tallies that are not synced any further. */
  countStopped(): number {
    return integer(this.#stopped.get() ?? {}, 'count')
  }

  /** @param stop undefined: it is synced again */
  setStop(tallyId: string, stop: string | undefined, at: number): void {
    this.#add.run(tallyId)
    this.#stop.run(stop ?? null, stop === undefined ? null : at, tallyId)
  }
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

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DatabaseConnection } from '../../protocol/message/messages.ts'
import { optionalInteger, optionalText, type Row, text } from '../row/row.ts'
import { headsIn } from './tally-syncs.ts'

/** A tally with one partner, without its draft. */
export interface SharedTallyRow {
  readonly tallyId: string
  readonly database: DatabaseConnection
  /** Heads of the document here, in order; undefined: to be looked up in the document. */
  readonly heads: readonly string[] | undefined
  /** Why it is not synced any further. */
  readonly stop: string | undefined
  readonly stoppedAt: number | undefined
}

const COLUMNS = `
  t.tally_id, t.engine, t.endpoint, t.credentials_ref, s.heads, s.stop, s.stopped_at
  FROM tallies t LEFT JOIN tally_sync s ON s.tally_id = t.tally_id
  WHERE t.partner = ?1 AND t.withdrawn_at IS NULL`

/** The tallies with one partner that were not withdrawn, as its sync sees them. */
export class SharedTallies {
  readonly #with: StatementSync
  readonly #among: StatementSync
  readonly #any: StatementSync

  constructor(database: DatabaseSync) {
    this.#with = database.prepare(
      `SELECT ${COLUMNS} ORDER BY t.created_at DESC, t.tally_id LIMIT ?2`,
    )
    this.#among = database.prepare(
      `SELECT ${COLUMNS} AND t.tally_id IN (SELECT value FROM json_each(?2))`,
    )
    this.#any = database.prepare(`
      SELECT 1 FROM tallies
      WHERE partner = ? AND withdrawn_at IS NULL AND engine = 'automerge' LIMIT 1`)
  }

  /** Returns true if there is a document to sync with this peer, whatever else there is with it. */
  isPartner(peerId: string): boolean {
    return this.#any.get(peerId) !== undefined
  }

  /** Lists them all, newest first. */
  with(peerId: string, limit: number): readonly SharedTallyRow[] {
    return this.#with.all(peerId, limit).map(toShared)
  }

  /** Lists those among these. */
  among(peerId: string, tallyIds: readonly string[]): readonly SharedTallyRow[] {
    return this.#among.all(peerId, JSON.stringify(tallyIds)).map(toShared)
  }
}

function toShared(row: Row): SharedTallyRow {
  return {
    tallyId: text(row, 'tally_id'),
    database: {
      engine: text(row, 'engine'),
      endpoint: text(row, 'endpoint'),
      credentialsRef: text(row, 'credentials_ref'),
    },
    heads: headsIn(row, 'heads'),
    stop: optionalText(row, 'stop'),
    stoppedAt: optionalInteger(row, 'stopped_at'),
  }
}

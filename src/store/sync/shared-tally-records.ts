import type { DatabaseConnection } from '../../protocol/message/messages.ts'
import { connectionIn } from '../ledger/tallies.ts'
import { type Query, selectAll, selectOne } from '../query/query.ts'
import { selectAmong } from '../query/value-lists.ts'
import { optionalInteger, optionalText, type Row, text } from '../row/row.ts'
import { headsIn } from './tally-sync-records.ts'

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

const WITH_PARTNER = `
  SELECT t.tally_id, t.engine, t.endpoint, t.credentials_ref, s.heads, s.stop, s.stopped_at
  FROM tallies t LEFT JOIN tally_sync s ON s.tally_id = t.tally_id
  WHERE t.partner = ?1 AND t.withdrawn_at IS NULL`

/** The tallies with one partner that were not withdrawn, as its sync sees them. */
export const sharedTallyRecords = {
  /** Returns true if there is a document to sync with this peer, whatever else there is with it. */
  *isPartner(peerId: string): Query<boolean> {
    const sql = `SELECT tally_id FROM tallies
      WHERE partner = ?1 AND withdrawn_at IS NULL AND engine = 'automerge' LIMIT 1`
    return (yield* selectOne(sql, peerId)) !== undefined
  },

  /** Lists them all, newest first. */
  *with(peerId: string, limit: number): Query<readonly SharedTallyRow[]> {
    const sql = `${WITH_PARTNER} ORDER BY t.created_at DESC, t.tally_id LIMIT ?2`
    return (yield* selectAll(sql, peerId, limit)).map(toShared)
  },

  /** Lists those among these. */
  *among(peerId: string, tallyIds: readonly string[]): Query<readonly SharedTallyRow[]> {
    const sqlOf = (list: string) => `${WITH_PARTNER} AND t.tally_id IN ${list}`
    return (yield* selectAmong(sqlOf, tallyIds, peerId)).map(toShared)
  },
}

function toShared(row: Row): SharedTallyRow {
  return {
    tallyId: text(row, 'tally_id'),
    database: connectionIn(row),
    heads: headsIn(row, 'heads'),
    stop: optionalText(row, 'stop'),
    stoppedAt: optionalInteger(row, 'stopped_at'),
  }
}

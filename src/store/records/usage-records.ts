import { type Query, selectOne } from '../query/query.ts'
import { integer } from '../row/row.ts'

/** How many things of each kind the store holds now. */
export interface StoreCounts {
  /** Sessions without an end: under way, or left behind by a process that died. */
  readonly openSessions: number
  /** Sessions that are over. */
  readonly archivedSessions: number
  /** Uses that are held for a peer while no session works on them. */
  readonly parked: number
  /** Requests that wait for the inviter's yes or no. */
  readonly requestsWaiting: number
  /** Tallies that this side has, and the other side may not have: offered or held. */
  readonly inDoubt: number
  readonly tallies: number
  readonly tokens: number
  readonly auditRecords: number
  /** Databases that are still to be removed. */
  readonly removalsOwed: number
  /** Parties that showed a checkpoint of their audit. */
  readonly witnessed: number
  /** Parties whose audit contradicts what they showed before. */
  readonly witnessAlarms: number
  /** Redemptions that one side has and the other side has lost. */
  readonly lostUses: number
  /** Tallies that are not synced any further, since the partner's changes were refused. */
  readonly syncStopped: number
}

const COUNTS = `SELECT
  (SELECT count(*) FROM sessions) AS sessions,
  (SELECT count(*) FROM sessions WHERE ended_at IS NULL) AS open,
  (SELECT count(*) FROM redemptions r WHERE r.reserved_until IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM sessions s WHERE s.id = r.session_id AND s.ended_at IS NULL)) AS parked,
  (SELECT count(*) FROM pending_requests WHERE approved_at IS NULL) AS waiting,
  (SELECT count(*) FROM tallies WHERE status IN ('offered', 'held')) AS in_doubt,
  (SELECT count(*) FROM tallies) AS tallies,
  (SELECT count(*) FROM tokens) AS tokens,
  (SELECT count(*) FROM audit) AS audit,
  (SELECT count(*) FROM removals) AS removals,
  (SELECT count(*) FROM witnessed WHERE standing = 'proven') AS witnessed,
  (SELECT count(DISTINCT peer_id) FROM witnessed WHERE against_size IS NOT NULL) AS alarms,
  (SELECT count(*) FROM lost_uses) AS lost,
  (SELECT count(*) FROM tally_sync WHERE stop IS NOT NULL) AS stopped`

/** Counts the store's things. Reads much of it: for a command of its own. */
export const usageRecords = {
  *counts(): Query<StoreCounts> {
    const row = (yield* selectOne(COUNTS)) ?? {}
    const openSessions = integer(row, 'open')
    return {
      openSessions,
      archivedSessions: integer(row, 'sessions') - openSessions,
      parked: integer(row, 'parked'),
      requestsWaiting: integer(row, 'waiting'),
      inDoubt: integer(row, 'in_doubt'),
      tallies: integer(row, 'tallies'),
      tokens: integer(row, 'tokens'),
      auditRecords: integer(row, 'audit'),
      removalsOwed: integer(row, 'removals'),
      witnessed: integer(row, 'witnessed'),
      witnessAlarms: integer(row, 'alarms'),
      lostUses: integer(row, 'lost'),
      syncStopped: integer(row, 'stopped'),
    }
  },
}

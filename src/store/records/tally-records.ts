import type { DatabaseConnection, IdentityBundle } from '../../protocol/message/messages.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import {
  connectionIn,
  REMOVE_CHUNKS,
  REMOVE_TALLY,
  SELECT_TALLY,
  toTally,
} from '../ledger/tallies.ts'
import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { integer, partyIdentity, text } from '../row/row.ts'

/** Those parts of a stored tally that the audit names, too. */
export interface StoredMarks {
  /** The hash that is stored with the draft. */
  readonly draft: string
  readonly database: DatabaseConnection
  /** True if there is a signature of the other side under its receipt, good or not. */
  readonly isSignedByPartner: boolean
}

const MARKS = `
  SELECT draft_sha256, engine, endpoint, credentials_ref, CASE WHEN token_id IS NOT NULL
    AND CASE WHEN role = created_by THEN invitee_signature ELSE inviter_signature END IS NOT NULL
    THEN 1 ELSE 0 END AS signed
  FROM tallies WHERE tally_id = ?1`

const STARTING_WITH = `
  SELECT * FROM tallies WHERE substr(tally_id, 1, length(?1)) = ?1 ORDER BY created_at LIMIT 10`

const PAGE = `
  SELECT * FROM tallies t WHERE CAST(?1 AS TEXT) IS NULL OR EXISTS (
    SELECT 1 FROM tallies b WHERE b.tally_id = ?1 AND (t.created_at < b.created_at
      OR (t.created_at = b.created_at AND t.tally_id > b.tally_id)))
  ORDER BY created_at DESC, tally_id LIMIT ?2`

const OF_PARTNER = `
  SELECT * FROM tallies WHERE partner = ?1 ORDER BY created_at DESC, tally_id LIMIT ?2`

const WITHOUT_PLACE = `
  SELECT * FROM tallies t WHERE t.tally_id > ?1 AND t.engine = 'automerge'
    AND t.withdrawn_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM partner_addresses p WHERE p.peer_id = t.partner)
  ORDER BY t.tally_id LIMIT ?2`

/** The tallies this side holds, with their drafts. */
export const tallyRecords = {
  *find(tallyId: string): Query<TallyRecord | undefined> {
    const row = yield* selectOne(SELECT_TALLY, tallyId)
    return row && toTally(row)
  },

  /** Returns those parts of a tally that the audit names, too. */
  *marks(tallyId: string): Query<StoredMarks | undefined> {
    const row = yield* selectOne(MARKS, tallyId)
    if (row === undefined) return undefined
    const isSignedByPartner = integer(row, 'signed') === 1
    return { draft: text(row, 'draft_sha256'), database: connectionIn(row), isSignedByPartner }
  },

  /** Returns what the partner of a tally has disclosed. */
  *partnerIdentity(tallyId: string): Query<IdentityBundle | undefined> {
    const sql = 'SELECT partner_identity FROM tallies WHERE tally_id = ?1'
    const row = yield* selectOne(sql, tallyId)
    return row && partyIdentity(row, 'partner_identity')
  },

  /** Finds tallies whose id starts so, at most ten. */
  *startingWith(prefix: string): Query<readonly TallyRecord[]> {
    return (yield* selectAll(STARTING_WITH, prefix)).map(toTally)
  },

  *count(): Query<number> {
    const row = yield* selectOne('SELECT count(*) AS count FROM tallies')
    return integer(row ?? {}, 'count')
  },

  /** Lists tallies, newest first. @param before only those that come after this one: the next page */
  *list(limit: number, before?: string): Query<readonly TallyRecord[]> {
    return (yield* selectAll(PAGE, before ?? null, limit)).map(toTally)
  },

  /** Lists the tallies with one partner, newest first. */
  *ofPartner(peerId: string, limit: number): Query<readonly TallyRecord[]> {
    return (yield* selectAll(OF_PARTNER, peerId, limit)).map(toTally)
  },

  /** Lists tallies to sync with partners of whom no address is kept, by id. @param after the last id of the page before */
  *withoutPlace(after: string, limit: number): Query<readonly TallyRecord[]> {
    return (yield* selectAll(WITHOUT_PLACE, after, limit)).map(toTally)
  },

  /** Lists the tallies with the next higher ids, in their order; none after the last. */
  *after(tallyId: string, limit: number): Query<readonly TallyRecord[]> {
    const sql = 'SELECT * FROM tallies WHERE tally_id > ?1 ORDER BY tally_id LIMIT ?2'
    return (yield* selectAll(sql, tallyId, limit)).map(toTally)
  },

  /** Notes when two people have found the words to be the same; undefined if they are not. */
  *setCompared(tallyId: string, at: number | undefined): Query<void> {
    yield* change('UPDATE tallies SET compared_at = ?1 WHERE tally_id = ?2', at ?? null, tallyId)
  },

  *remove(tallyId: string): Query<void> {
    yield* change(REMOVE_CHUNKS, tallyId)
    yield* change(REMOVE_TALLY, tallyId)
  },
}

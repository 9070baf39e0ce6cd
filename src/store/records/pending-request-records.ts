import { compact } from '../../protocol/base/compact.ts'
import type { PendingRequest } from '../../session/ports/uses/pending-request.ts'
import { type Query, selectAll, selectOne } from '../query/query.ts'
import { toRequest, WAITING_REQUEST } from '../requests/request-row.ts'
import { integer, optionalText, text } from '../row/row.ts'

/** A place in the list of requests: the last of a page. */
export type RequestCursor = Pick<PendingRequest, 'since' | 'id'>

/** A request, and the inviter's note to itself at its invitation. */
export interface ListedRequest extends PendingRequest {
  readonly label?: string
}

const PAGE = `
  SELECT p.*, t.label FROM pending_requests p LEFT JOIN tokens t ON t.id = p.token_id
  WHERE p.until > ?1 AND (p.since, p.id) > (?2, ?3) ORDER BY p.since, p.id LIMIT ?4`

/** Before all requests. */
const START: RequestCursor = { since: -1, id: '' }

/** Requests of which ids are looked for, at most. */
const MAX_ALIKE = 10

/** Requests at invitations by hand, as commands and views ask for them. */
export const pendingRequestRecords = {
  /** Lists requests whose time is not over, the oldest first: those that wait, and those whose peer has yet to come for its yes. */
  *list(now: number, limit: number, after = START): Query<readonly ListedRequest[]> {
    const rows = yield* selectAll(PAGE, now, after.since, after.id, limit)
    return rows.map((row) => compact({ ...toRequest(row), label: optionalText(row, 'label') }))
  },

  /** Counts what `list` lists. */
  *countCurrent(now: number): Query<number> {
    const row = yield* selectOne(
      'SELECT count(*) AS count FROM pending_requests WHERE until > ?1',
      now,
    )
    return integer(row ?? {}, 'count')
  },

  /** Counts what waits for the inviter's word. */
  *countWaiting(): Query<number> {
    const sql = `SELECT count(*) AS count FROM pending_requests WHERE ${WAITING_REQUEST}`
    return integer((yield* selectOne(sql)) ?? {}, 'count')
  },

  /** Lists those that have waited longest for the inviter's word. */
  *oldestWaiting(limit: number): Query<readonly PendingRequest[]> {
    const sql = `SELECT * FROM pending_requests WHERE ${WAITING_REQUEST} ORDER BY since, id LIMIT ?1`
    return (yield* selectAll(sql, limit)).map(toRequest)
  },

  /** Lists the ids of requests at an invitation, those with a yes among them, in their order. */
  *idsAt(tokenId: string, after: string, limit: number): Query<readonly string[]> {
    const sql = `
      SELECT id FROM pending_requests WHERE token_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`
    return (yield* selectAll(sql, tokenId, after, limit)).map((row) => text(row, 'id'))
  },

  /** Finds requests whose id starts so, at most ten. */
  *startingWith(prefix: string): Query<readonly PendingRequest[]> {
    const sql = `
      SELECT * FROM pending_requests WHERE id >= ?1 AND substr(id, 1, length(?1)) = ?1
      ORDER BY id LIMIT ?2`
    return (yield* selectAll(sql, prefix, MAX_ALIKE)).map(toRequest)
  },
}

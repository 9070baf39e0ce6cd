import { type Query, selectAll } from '../query/query.ts'
import { text } from '../row/row.ts'

const TOKENS = `
  SELECT id FROM tokens WHERE substr(id, 1, length(?1)) = ?1
  UNION SELECT token_id FROM attempts WHERE substr(token_id, 1, length(?1)) = ?1
  UNION SELECT token_id FROM sessions WHERE substr(token_id, 1, length(?1)) = ?1
  LIMIT 10`

const FITS = (column: string) => `length(${column}) >= length(?1)
  AND (substr(${column}, 1, length(?1)) = ?1
    OR substr(${column}, length(${column}) - length(?1) + 1) = ?1)`

const PEERS = `
  SELECT peer_id AS id FROM sessions WHERE ${FITS('peer_id')}
  UNION SELECT peer_id FROM redemptions WHERE ${FITS('peer_id')}
  UNION SELECT inviter FROM attempts WHERE ${FITS('inviter')}
  LIMIT 10`

/** Finds ids that either side knows by a part of them, at most ten. */
export const knownIdRecords = {
  /** Finds own invitations and those of others. */
  *tokensStartingWith(prefix: string): Query<readonly string[]> {
    return (yield* selectAll(TOKENS, prefix)).map((row) => text(row, 'id'))
  },

  /** Finds peers of sessions, redemptions and attempts, by the beginning or the end of their id. */
  *peersLike(part: string): Query<readonly string[]> {
    return (yield* selectAll(PEERS, part)).map((row) => text(row, 'id'))
  },
}

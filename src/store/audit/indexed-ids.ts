// A thread's first record is indexed by the ids that it names, and the later ones point to it. SQLite uses an index only
// if a query has the same expression as the index: see the migrations.

const named = (field: string): string =>
  `CASE WHEN json_valid(record) THEN json_extract(record, '$.${field}') END`

/** The session that a record is about, as the index has it. */
export const SESSION_ID = 'session_id'

/** The invitation that a record names, as the index has it. */
export const TOKEN_ID = named('tokenId')

/** The peer that a record names, as the index has it. */
export const PEER_ID = named('peerId')

/**
 * SQL for the first records of the threads that name an id.
 * @param column one of these three
 * @param id its place among the values, like `?1`
 */
export const startsNaming = (column: string, id: string): string =>
  `SELECT seq FROM audit WHERE ${column} = ${id} AND thread IS NULL`

/** SQL for all records of these threads. */
export const seqsNaming = (column: string, id: string): string => `
  ${startsNaming(column, id)}
  UNION SELECT seq FROM audit WHERE thread IN (${startsNaming(column, id)})`

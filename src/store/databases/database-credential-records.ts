import { change, type Query, selectOne } from '../query/query.ts'
import { integer, optionalText, type Row, text } from '../row/row.ts'

/** Rows removed with each new one, of tallies that are not here and were not for long. */
const PRUNED_AT_ONCE = 4

/** How long the credential of a tally that came to nothing is kept, ms: its removal has been tried for long by then. */
const KEPT_MS = 90 * 86_400_000

/** One tally's credentials: those of both parties where this side has built, else this side's own. */
export interface CredentialRow {
  readonly tallyId: string
  /** The administrator's address; there if this side has built. */
  readonly server: string | undefined
  readonly endpoint: string
  readonly user: string
  readonly password: string
  /** There if this side has built. */
  readonly partnerPassword: string | undefined
  /** The database is gone. */
  readonly isRemoved: boolean
}

/** `user` is quoted: PostgreSQL means something else by it. */
const PUT = `
  INSERT INTO database_credentials
    (tally_id, server, endpoint, "user", password, partner_password, removed, made_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
  ON CONFLICT (tally_id) DO UPDATE SET server = excluded.server, endpoint = excluded.endpoint,
    "user" = excluded."user", password = excluded.password,
    partner_password = excluded.partner_password, removed = excluded.removed`

const PRUNE = `
  DELETE FROM database_credentials WHERE tally_id IN (
    SELECT c.tally_id FROM database_credentials c
    WHERE c.made_at < ?1 AND (c.removed = 1 OR c.server IS NULL)
      AND NOT EXISTS (SELECT 1 FROM tallies t WHERE t.tally_id = c.tally_id)
    ORDER BY c.made_at LIMIT ?2)`

/** The credentials of databases on servers. No other table holds one, and nothing that lists or exports reads this one. */
export const databaseCredentialRecords = {
  *find(tallyId: string): Query<CredentialRow | undefined> {
    const row = yield* selectOne('SELECT * FROM database_credentials WHERE tally_id = ?1', tallyId)
    return row && credential(row)
  },

  /** Keeps a tally's credentials, in the place of those that there were. @param now ms since the epoch */
  *put(row: CredentialRow, now: number): Query<void> {
    yield* change(PRUNE, now - KEPT_MS, PRUNED_AT_ONCE)
    const { tallyId, server = null, endpoint, user, password, partnerPassword = null } = row
    const removed = row.isRemoved ? 1 : 0
    yield* change(PUT, tallyId, server, endpoint, user, password, partnerPassword, removed, now)
  },

  *noteRemoved(tallyId: string): Query<void> {
    yield* change('UPDATE database_credentials SET removed = 1 WHERE tally_id = ?1', tallyId)
  },
}

/** @throws RowInvalidError */
function credential(row: Row): CredentialRow {
  return {
    tallyId: text(row, 'tally_id'),
    server: optionalText(row, 'server'),
    endpoint: text(row, 'endpoint'),
    user: text(row, 'user'),
    password: text(row, 'password'),
    partnerPassword: optionalText(row, 'partner_password'),
    isRemoved: integer(row, 'removed') === 1,
  }
}

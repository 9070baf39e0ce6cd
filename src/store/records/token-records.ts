import type { OfferedTerms } from '../../session/machine/listener-state.ts'
import { CHANGE_TERMS, KEEP_TERMS, TERMS_DIFFER, termsColumns } from '../ledger/token-terms.ts'
import {
  type IssuedToken,
  REVOKE_TOKEN,
  SELECT_TOKEN,
  type TokenToIssue,
  toToken,
} from '../ledger/tokens.ts'
import { change, type Query, selectAll, selectOne } from '../query/query.ts'
import { blob, integer } from '../row/row.ts'
import {
  COUNT_WANTED,
  PAGE,
  type TokenFilter,
  type TokenPage,
  valuesOf,
  WITH_COUNTS,
} from './token-page.ts'

export type { TokenFilter }

/** The new values for an invitation; the label, if any. */
export interface TokenUpdate extends OfferedTerms {
  readonly label?: string
}

/** The parts of an invitation that an update has changed. */
export interface TokenChanges {
  readonly label: boolean
  /** Terms or fields. */
  readonly terms: boolean
}

/** Tokens in a page that nobody has said the size of. */
const LISTED = 50

const ISSUE = `
  INSERT INTO tokens (id, secret_hash, role, uses, issued_at, expires_at, label, required,
    optional, terms, by_hand) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`

const COUNT_EXPIRED = `
  SELECT count(*) AS count FROM (${WITH_COUNTS}
    WHERE t.expires_at >= ?1 AND t.expires_at < ?2 AND t.revoked_at IS NULL
      AND t.expiry_noted_at IS NULL) e
  WHERE uses IS NULL OR used < uses`

const VALID_FIRST = `CASE WHEN revoked_at IS NULL AND expires_at > ?1 THEN 0 ELSE 1 END,
  issued_at DESC, id`

const CURRENT = `${WITH_COUNTS} WHERE t.id IN (
    SELECT id FROM tokens WHERE forgotten_at IS NULL ORDER BY ${VALID_FIRST} LIMIT ?2)
  ORDER BY ${VALID_FIRST}`

const STARTING_WITH = `${WITH_COUNTS}
  WHERE substr(t.id, 1, length(?1)) = ?1 ORDER BY t.issued_at DESC LIMIT 10`

/** The tokens this node issued. Those of a foreign token hook have no secret hash here. */
export const tokenRecords = {
  *issue(token: TokenToIssue): Query<void> {
    const { id, secretHash, role, uses, issuedAt, expiresAt, label = null } = token
    const byHand = token.byHand === true ? 1 : 0
    const values = [id, secretHash, role, uses, issuedAt, expiresAt, label]
    yield* change(ISSUE, ...values, ...termsColumns(token), byHand)
  },

  /**
   * Gives a token another label, and later invitees other terms; what was reserved keeps those it was reserved on.
   * @returns which of both were other ones before
   */
  *update(id: string, { label, ...terms }: TokenUpdate): Query<TokenChanges> {
    const sql = 'UPDATE tokens SET label = ?1 WHERE id = ?2 AND label IS DISTINCT FROM ?1'
    const relabelled = yield* change(sql, label ?? null, id)
    return { label: relabelled !== 0, terms: yield* changeTerms(id, terms) }
  },

  /** Returns a token and the hash to compare, for the token hook. */
  *lookUp(
    id: string,
  ): Query<{ readonly token: IssuedToken; readonly secretHash: Uint8Array } | undefined> {
    const row = yield* selectOne(SELECT_TOKEN, id)
    if (row === undefined || row['secret_hash'] === null) return undefined
    return { token: toToken(row), secretHash: blob(row, 'secret_hash') }
  },

  *find(id: string): Query<IssuedToken | undefined> {
    const row = yield* selectOne(`${WITH_COUNTS} WHERE t.id = ?1`, id)
    return row && toToken(row)
  },

  /** Lists the tokens that are wanted, newest first. */
  *list({ before, limit = LISTED, ...wanted }: TokenPage = {}): Query<readonly IssuedToken[]> {
    return (yield* selectAll(PAGE, ...valuesOf(wanted), before ?? null, limit)).map(toToken)
  },

  /** Counts the tokens that are wanted, of all pages. */
  *countWanted(wanted: TokenFilter): Query<number> {
    const row = yield* selectOne(COUNT_WANTED, ...valuesOf(wanted))
    return integer(row ?? {}, 'count')
  },

  /**
   * Counts the tokens that ran out in a period with a use left, and are not in the audit yet.
   * @param since ms since the epoch, inclusive
   * @param until ms since the epoch, exclusive
   */
  *countUnnoted(since: number, until: number): Query<number> {
    const row = yield* selectOne(COUNT_EXPIRED, since, until)
    return integer(row ?? {}, 'count')
  },

  /** Returns at most `limit` tokens, the valid ones first, then the newest; and how many more there are. */
  *current(
    now: number,
    limit: number,
  ): Query<{ readonly tokens: readonly IssuedToken[]; readonly more: number }> {
    const tokens = (yield* selectAll(CURRENT, now, limit)).map(toToken)
    const row = yield* selectOne('SELECT count(*) AS count FROM tokens WHERE forgotten_at IS NULL')
    return { tokens, more: integer(row ?? {}, 'count') - tokens.length }
  },

  /** Finds tokens whose id starts so, at most ten. */
  *startingWith(prefix: string): Query<readonly IssuedToken[]> {
    return (yield* selectAll(STARTING_WITH, prefix)).map(toToken)
  },

  /** Revokes a token. False if it was revoked before. */
  *revoke(id: string, at: number): Query<boolean> {
    return (yield* change(REVOKE_TOKEN, at, id)) !== 0
  },

  /** Has a token give nothing new. False if it was paused before. */
  *pause(id: string, at: number): Query<boolean> {
    const sql = 'UPDATE tokens SET paused_at = ?1 WHERE id = ?2 AND paused_at IS NULL'
    return (yield* change(sql, at, id)) !== 0
  },

  /** Has a token give uses again. False if it was not paused. */
  *resume(id: string): Query<boolean> {
    const sql = 'UPDATE tokens SET paused_at = NULL WHERE id = ?1 AND paused_at IS NOT NULL'
    return (yield* change(sql, id)) !== 0
  },
}

/** Offers these terms from now on. False if the token has them already. */
function* changeTerms(id: string, terms: OfferedTerms): Query<boolean> {
  const columns = termsColumns(terms)
  if ((yield* selectOne(TERMS_DIFFER, id, ...columns)) === undefined) return false
  yield* change(KEEP_TERMS, id)
  yield* change(CHANGE_TERMS, id, ...columns)
  return true
}

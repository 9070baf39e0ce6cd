/** Conditions on tokens. All that are given must hold. */
export interface TokenFilter {
  /** As `invitationStatus` has it, at the time `now`. */
  readonly status?: string
  /** Milliseconds since the epoch. @default 0 */
  readonly now?: number
  readonly role?: string
  /** A part of it, capitals or not. */
  readonly label?: string
  /** Issued since then, milliseconds since the epoch. */
  readonly since?: number
}

/** A page of the tokens that are wanted. */
export interface TokenPage extends TokenFilter {
  /** Lists only tokens that come after this one: the next page. */
  readonly before?: string
  /** @default 50 */
  readonly limit?: number
}

/** Committed redemptions of the token `t`. */
const USED = `(SELECT count(*) FROM redemptions r
  WHERE r.token_id = t.id AND r.released_at IS NULL AND r.reserved_until IS NULL)`

/** Selects the tokens that are not forgotten, with their counts. */
export const WITH_COUNTS = `
  SELECT t.*, ${USED} AS used,
    (SELECT count(*) FROM redemptions r WHERE r.token_id = t.id AND r.reserved_until IS NOT NULL)
      AS reserved
  FROM (SELECT * FROM tokens WHERE forgotten_at IS NULL) t`

/** The status of the token `t` at the time `?1`. */
const STATUS = `CASE
  WHEN t.revoked_at IS NOT NULL THEN 'revoked'
  WHEN t.uses IS NOT NULL AND ${USED} >= t.uses THEN 'used'
  WHEN t.expires_at <= ?1 THEN 'expired'
  WHEN t.paused_at IS NOT NULL THEN 'paused' ELSE 'open' END`

const WANTED = `
  FROM tokens t WHERE t.forgotten_at IS NULL
    AND (CAST(?2 AS TEXT) IS NULL OR t.role = ?2)
    AND (CAST(?3 AS BIGINT) IS NULL OR t.issued_at >= ?3)
    AND (CAST(?4 AS TEXT) IS NULL OR instr(lower(t.label), ?4) > 0)
    AND (CAST(?5 AS TEXT) IS NULL OR ${STATUS} = ?5)`

const ORDER = 'ORDER BY t.issued_at DESC, t.id'

/** Selects a page. Uses are counted of those that are returned only, unless the status is asked for. */
export const PAGE = `${WITH_COUNTS} WHERE t.id IN (SELECT t.id ${WANTED}
    AND (CAST(?6 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tokens b WHERE b.id = ?6
      AND (t.issued_at < b.issued_at OR (t.issued_at = b.issued_at AND t.id > b.id))))
    ${ORDER} LIMIT ?7) ${ORDER}`

export const COUNT_WANTED = `SELECT count(*) AS count ${WANTED}`

/** Returns the first five values of `PAGE`, and those of `COUNT_WANTED`. */
export function valuesOf({ status, now, role, label, since }: TokenFilter) {
  const part = label === undefined ? null : lowered(label)
  return [now ?? 0, role ?? null, since ?? null, part, status ?? null]
}

/** As `lower` does it with a column, whatever the language of a database: A to Z only. */
function lowered(label: string): string {
  return label.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { Grant, OfferedTerms } from '../../session/machine/listener-state.ts'
import {
  blob,
  integer,
  json,
  optionalInteger,
  optionalText,
  type Row,
  text,
  texts,
} from '../row/row.ts'
import {
  COUNT_WANTED,
  PAGE,
  type TokenFilter,
  type TokenPage,
  valuesOf,
  WITH_COUNTS,
} from './token-page.ts'
import { TokenTerms, termsColumns } from './token-terms.ts'

export type { TokenFilter }

/** An invitation as its inviter keeps it. It holds neither the secret nor its hash. */
export interface IssuedToken {
  readonly id: string
  readonly label?: string
  /** The inviter's role. */
  readonly role: Role
  /** `null`: a standing invitation. */
  readonly uses: number | null
  /** Committed redemptions. */
  readonly used: number
  /** Reservations that are under way. */
  readonly reserved: number
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly revokedAt?: number
  /** Nothing new is given for now. */
  readonly pausedAt?: number
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly terms: JsonValue
  /** How often the last three were changed. */
  readonly revision: number
  /** The inviter says yes or no to each request. */
  readonly byHand?: true
}

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

/** A token to be stored when it is minted. */
export interface TokenToIssue {
  readonly id: string
  /** SHA-256 of the secret under its domain, 32 bytes. */
  readonly secretHash: Uint8Array
  readonly role: Role
  readonly uses: number | null
  readonly issuedAt: number
  readonly expiresAt: number
  readonly label?: string
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly terms: JsonValue
  readonly byHand?: true
}

/** Tokens in a page that nobody has said the size of. */
const LISTED = 50

const COUNT_EXPIRED = `
  SELECT count(*) AS count FROM (${WITH_COUNTS}
    WHERE t.expires_at >= ? AND t.expires_at < ? AND t.revoked_at IS NULL
      AND t.expiry_noted_at IS NULL)
  WHERE uses IS NULL OR used < uses`

/** The tokens this node issued. Those of a foreign token hook have no secret hash here. */
export class Tokens {
  readonly #insert: StatementSync
  readonly #mirror: StatementSync
  readonly #terms: TokenTerms
  readonly #relabel: StatementSync
  readonly #bare: StatementSync
  readonly #byHand: StatementSync
  readonly #find: StatementSync
  readonly #page: StatementSync
  readonly #countWanted: StatementSync
  readonly #current: StatementSync
  readonly #count: StatementSync
  readonly #countExpired: StatementSync
  readonly #byPrefix: StatementSync
  readonly #revoke: StatementSync
  readonly #pause: StatementSync
  readonly #resume: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO tokens (id, secret_hash, role, uses, issued_at, expires_at, label, required,
        optional, terms, by_hand) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#mirror = database.prepare(`
      INSERT INTO tokens (id, role, uses, issued_at, expires_at, required, optional, terms, by_hand)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET uses = excluded.uses, expires_at = excluded.expires_at,
        by_hand = excluded.by_hand, forgotten_at = NULL
      WHERE secret_hash IS NULL AND (uses IS NOT excluded.uses OR expires_at <> excluded.expires_at
        OR by_hand <> excluded.by_hand)`)
    this.#terms = new TokenTerms(database)
    this.#relabel = database.prepare(
      'UPDATE tokens SET label = ?1 WHERE id = ?2 AND label IS NOT ?1',
    )
    this.#bare = database.prepare('SELECT *, 0 AS used, 0 AS reserved FROM tokens WHERE id = ?')
    this.#byHand = database.prepare(
      'SELECT 1 FROM tokens WHERE id = ? AND by_hand = 1 AND secret_hash IS NOT NULL',
    )
    this.#find = database.prepare(`${WITH_COUNTS} WHERE t.id = ?`)
    this.#page = database.prepare(PAGE)
    this.#countWanted = database.prepare(COUNT_WANTED)
    this.#current = database.prepare(`${WITH_COUNTS} WHERE t.id IN (SELECT id FROM tokens
      WHERE forgotten_at IS NULL ORDER BY revoked_at IS NULL AND expires_at > ?1 DESC, issued_at DESC, id LIMIT ?2)
      ORDER BY t.revoked_at IS NULL AND t.expires_at > ?1 DESC, t.issued_at DESC, t.id`)
    this.#count = database.prepare(
      'SELECT count(*) AS count FROM tokens WHERE forgotten_at IS NULL',
    )
    this.#countExpired = database.prepare(COUNT_EXPIRED)
    this.#byPrefix = database.prepare(
      `${WITH_COUNTS} WHERE substr(t.id, 1, length(?1)) = ?1 ORDER BY t.issued_at DESC LIMIT 10`,
    )
    this.#revoke = database.prepare(
      'UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
    )
    this.#pause = database.prepare(
      'UPDATE tokens SET paused_at = ? WHERE id = ? AND paused_at IS NULL',
    )
    this.#resume = database.prepare(
      'UPDATE tokens SET paused_at = NULL WHERE id = ? AND paused_at IS NOT NULL',
    )
  }

  /**
   * Counts the tokens that ran out in a period with a use left, and are not in the audit yet.
   * @param since ms since the epoch, inclusive
   * @param until ms since the epoch, exclusive
   */
  countUnnoted(since: number, until: number): number {
    return integer(this.#countExpired.get(since, until) ?? {}, 'count')
  }

  issue(token: TokenToIssue): void {
    this.#insert.run(
      token.id,
      token.secretHash,
      token.role,
      token.uses,
      token.issuedAt,
      token.expiresAt,
      token.label ?? null,
      ...termsColumns(token),
      token.byHand === true ? 1 : 0,
    )
  }

  /**
   * Stores a token that a foreign token hook vouches for, so that it can be redeemed, or takes over its new limits.
   * False if there was nothing new, or if this node issued the token.
   */
  mirror(token: Omit<TokenToIssue, 'secretHash' | 'label'>): boolean {
    const { id, role, uses, issuedAt, expiresAt } = token
    const { changes } = this.#mirror.run(
      id,
      role,
      uses,
      issuedAt,
      expiresAt,
      ...termsColumns(token),
      token.byHand === true ? 1 : 0,
    )
    const isForeign = this.#bare.get(id)?.['secret_hash'] === null
    const isChanged = isForeign && this.#terms.change(id, token)
    return changes !== 0 || isChanged
  }

  /**
   * Gives a token another label, and later invitees other terms; what was reserved keeps those it was reserved on.
   * @returns which of both were other ones before
   */
  update(id: string, { label, ...terms }: TokenUpdate): TokenChanges {
    const isRelabelled = this.#relabel.run(label ?? null, id).changes !== 0
    return { label: isRelabelled, terms: this.#terms.change(id, terms) }
  }

  /** Returns a token and the hash to compare, for the token hook. */
  lookUp(id: string): { readonly token: IssuedToken; readonly secretHash: Uint8Array } | undefined {
    const row = this.#bare.get(id)
    return row === undefined || row['secret_hash'] === null
      ? undefined
      : { token: toToken(row), secretHash: blob(row, 'secret_hash') }
  }

  /** Returns what a token allows, be it of this node or of a foreign hook. */
  grantOf(id: string): Grant | undefined {
    const row = this.#bare.get(id)
    if (row === undefined) return undefined
    const { uses: usesAllowed, role, expiresAt, ...shown } = toToken(row)
    const { required, optional, terms, revision, byHand } = shown
    const limits = { tokenId: id, role, expiresAt, required, optional, usesAllowed }
    return compact({ ...limits, terms, revision, byHand })
  }

  /** Returns the inviter's note to itself. */
  labelOf(id: string): string | undefined {
    return optionalText(this.#bare.get(id) ?? { label: null }, 'label')
  }

  /** True of a token that this node issued, if the inviter says yes or no to each request at it. */
  isByHand(id: string): boolean {
    return this.#byHand.get(id) !== undefined
  }

  isRevoked(id: string): boolean {
    return optionalInteger(this.#bare.get(id) ?? { revoked_at: null }, 'revoked_at') !== undefined
  }

  find(id: string): IssuedToken | undefined {
    const row = this.#find.get(id)
    return row === undefined ? undefined : toToken(row)
  }

  /** Lists the tokens that are wanted, newest first. */
  list({ before, limit = LISTED, ...wanted }: TokenPage = {}): readonly IssuedToken[] {
    return this.#page.all(...valuesOf(wanted), before ?? null, limit).map(toToken)
  }

  /** Counts the tokens that are wanted, of all pages. */
  countWanted(wanted: TokenFilter): number {
    return integer(this.#countWanted.get(...valuesOf(wanted)) ?? {}, 'count')
  }

  /** Returns at most `limit` tokens, the valid ones first, then the newest; and how many more there are. */
  current(
    now: number,
    limit: number,
  ): { readonly tokens: readonly IssuedToken[]; readonly more: number } {
    const tokens = this.#current.all(now, limit).map(toToken)
    const row = this.#count.get()
    const count = row === undefined ? tokens.length : integer(row, 'count')
    return { tokens, more: count - tokens.length }
  }

  /** Finds tokens whose id starts so, at most ten. */
  startingWith(prefix: string): readonly IssuedToken[] {
    return this.#byPrefix.all(prefix).map(toToken)
  }

  /** Revokes a token. False if it was revoked before. */
  revoke(id: string, at: number): boolean {
    return this.#revoke.run(at, id).changes !== 0
  }

  /** Has a token give nothing new. False if it was paused before. */
  pause(id: string, at: number): boolean {
    return this.#pause.run(at, id).changes !== 0
  }

  /** Has a token give uses again. False if it was not paused. */
  resume(id: string): boolean {
    return this.#resume.run(id).changes !== 0
  }
}

function toToken(row: Row): IssuedToken {
  return compact({
    id: text(row, 'id'),
    label: optionalText(row, 'label'),
    role: text(row, 'role') === 'foil' ? ('foil' as const) : ('stock' as const),
    uses: optionalInteger(row, 'uses') ?? null,
    used: integer(row, 'used'),
    reserved: integer(row, 'reserved'),
    issuedAt: integer(row, 'issued_at'),
    expiresAt: integer(row, 'expires_at'),
    revokedAt: optionalInteger(row, 'revoked_at'),
    pausedAt: optionalInteger(row, 'paused_at'),
    required: texts(row, 'required'),
    optional: texts(row, 'optional'),
    terms: json(row, 'terms'),
    revision: integer(row, 'revision'),
    byHand: integer(row, 'by_hand') === 1 ? (true as const) : undefined,
  })
}

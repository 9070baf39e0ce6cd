import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { Grant } from '../../session/machine/listener-state.ts'
import { integer, json, optionalInteger, optionalText, type Row, text, texts } from '../row/row.ts'
import { TokenTerms, termsColumns } from './token-terms.ts'

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

/** Selects a token by its id, without its uses. */
export const SELECT_TOKEN = 'SELECT *, 0 AS used, 0 AS reserved FROM tokens WHERE id = ?1'

export const REVOKE_TOKEN = 'UPDATE tokens SET revoked_at = ?1 WHERE id = ?2 AND revoked_at IS NULL'

/** The tokens as sessions have them, be they of this node or of a foreign token hook. */
export class Tokens {
  readonly #mirror: StatementSync
  readonly #terms: TokenTerms
  readonly #bare: StatementSync
  readonly #ownByHand: StatementSync
  readonly #revoke: StatementSync

  constructor(database: DatabaseSync) {
    this.#mirror = database.prepare(`
      INSERT INTO tokens (id, role, uses, issued_at, expires_at, required, optional, terms, by_hand)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET uses = excluded.uses, expires_at = excluded.expires_at,
        by_hand = excluded.by_hand, forgotten_at = NULL
      WHERE secret_hash IS NULL AND (uses IS NOT excluded.uses OR expires_at <> excluded.expires_at
        OR by_hand <> excluded.by_hand)`)
    this.#terms = new TokenTerms(database)
    this.#bare = database.prepare(SELECT_TOKEN)
    this.#ownByHand = database.prepare(
      'SELECT by_hand FROM tokens WHERE id = ? AND secret_hash IS NOT NULL',
    )
    this.#revoke = database.prepare(REVOKE_TOKEN)
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

  /** Returns what a token allows, be it of this node or of a foreign hook. */
  grantOf(id: string): Grant | undefined {
    const row = this.#bare.get(id)
    if (row === undefined) return undefined
    const { uses: usesAllowed, role, expiresAt, ...shown } = toToken(row)
    const { required, optional, terms, revision, byHand } = shown
    const limits = { tokenId: id, role, expiresAt, required, optional, usesAllowed }
    return compact({ ...limits, terms, revision, byHand })
  }

  /** Tells whether the inviter says yes or no to each request at a token that this node issued; undefined of any other. */
  ownByHand(id: string): boolean | undefined {
    const row = this.#ownByHand.get(id)
    return row && integer(row, 'by_hand') === 1
  }

  isRevoked(id: string): boolean {
    return optionalInteger(this.#bare.get(id) ?? { revoked_at: null }, 'revoked_at') !== undefined
  }

  /** Revokes a token. False if it was revoked before. */
  revoke(id: string, at: number): boolean {
    return this.#revoke.run(at, id).changes !== 0
  }
}

/** @throws RowInvalidError */
export function toToken(row: Row): IssuedToken {
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

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { OfferedTerms } from '../../session/machine/listener-state.ts'
import { json, type Row, texts } from '../row/row.ts'

/** Columns of a redemption `r`, joined with the terms that it was reserved on, if the ledger has them. */
export const TERMS_COLUMNS = `coalesce(p.required, t.required) AS on_required,
  coalesce(p.optional, t.optional) AS on_optional, coalesce(p.terms, t.terms) AS on_terms`

export const WITH_TERMS = `redemptions r
  LEFT JOIN past_terms p ON p.token_id = r.token_id AND p.revision = r.revision
  LEFT JOIN (SELECT id AS of_token, revision AS now, required, optional, terms FROM tokens) t
    ON t.of_token = r.token_id AND t.now = r.revision`

/**
 * The member `offered` of an outcome about that redemption: missing if it is on the terms that are granted now, or if the
 * ledger does not have those that it is on.
 * @throws RowInvalidError
 */
export function reservedOn(row: Row, granted: OfferedTerms): { readonly offered?: OfferedTerms } {
  if (row['on_terms'] === null) return {}
  const [required, optional, terms] = termsColumns(granted)
  const isSame =
    row['on_required'] === required && row['on_optional'] === optional && row['on_terms'] === terms
  if (isSame) return {}
  return {
    offered: {
      required: texts(row, 'on_required'),
      optional: texts(row, 'on_optional'),
      terms: json(row, 'on_terms'),
    },
  }
}

/**
 * Keeps the terms that a redemption `?1` was agreed on, in the order of `termsColumns`, if the token had them in revision `?5`
 * and has others by now: nobody may have stood on them before.
 */
export const KEEP_AGREED = `
  INSERT INTO past_terms (token_id, revision, required, optional, terms)
  SELECT t.id, ?5, ?2, ?3, ?4 FROM redemptions r JOIN tokens t ON t.id = r.token_id
  WHERE r.id = ?1 AND r.reserved_until IS NOT NULL AND ?5 < t.revision
  ON CONFLICT DO NOTHING`

/**
 * Puts a redemption on the terms that are given, in the order of `termsColumns`, with the revision that they are `?5`. It stays
 * on those that it is on, if they are these, whatever the token has by now; if the ledger has them nowhere, it is on none of the
 * ledger's.
 */
export const PUT_ON = `
  UPDATE redemptions SET revision = coalesce(
    (SELECT p.revision FROM past_terms p
      WHERE p.token_id = redemptions.token_id AND p.revision IN (redemptions.revision, ?5)
        AND (p.required, p.optional, p.terms) = (?2, ?3, ?4)
      ORDER BY p.revision = redemptions.revision DESC LIMIT 1),
    (SELECT t.revision FROM tokens t
      WHERE t.id = redemptions.token_id AND (t.required, t.optional, t.terms) = (?2, ?3, ?4)))
  WHERE id = ?1 AND reserved_until IS NOT NULL`

/** The terms as the ledger keeps them, in the order of the columns. */
export function termsColumns({ required, optional, terms }: OfferedTerms) {
  return [JSON.stringify(required), JSON.stringify(optional), JSON.stringify(terms)] as const
}

/** Finds a token `?1` that has other terms than these, in the order of `termsColumns`. */
export const TERMS_DIFFER =
  'SELECT id FROM tokens WHERE id = ?1 AND (required, optional, terms) <> (?2, ?3, ?4)'

/**
 * Keeps the terms of a token before they are changed, if a use stands on them: a hook may tell of other ones at each request,
 * and most of them are nobody's. The newest use is looked at first.
 */
export const KEEP_TERMS = `
  INSERT INTO past_terms (token_id, revision, required, optional, terms)
  SELECT id, revision, required, optional, terms FROM tokens t
  WHERE id = ?1 AND (SELECT r.id FROM redemptions r
    WHERE r.token_id = t.id AND r.released_at IS NULL AND r.revision = t.revision
    ORDER BY r.slot DESC LIMIT 1) IS NOT NULL`

/** Offers these terms from now on, in the order of `termsColumns`. */
export const CHANGE_TERMS = `
  UPDATE tokens SET required = ?2, optional = ?3, terms = ?4, revision = revision + 1
  WHERE id = ?1`

/** Changes the terms of tokens. Those that a use stands on are kept. */
export class TokenTerms {
  readonly #differ: StatementSync
  readonly #keep: StatementSync
  readonly #change: StatementSync

  constructor(database: DatabaseSync) {
    this.#differ = database.prepare(TERMS_DIFFER)
    this.#keep = database.prepare(KEEP_TERMS)
    this.#change = database.prepare(CHANGE_TERMS)
  }

  /** Offers these terms from now on. False if the token has them already. */
  change(tokenId: string, terms: OfferedTerms): boolean {
    const columns = termsColumns(terms)
    if (this.#differ.get(tokenId, ...columns) === undefined) return false
    this.#keep.run(tokenId)
    this.#change.run(tokenId, ...columns)
    return true
  }
}

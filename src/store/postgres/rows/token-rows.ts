import type { TokenRow } from '../../memory/row-types.ts'
import { integer, json, optionalBlob, optionalInteger, text, texts } from '../../row/row.ts'
import { bytesColumn, numberColumn, type StoredTable, textColumn } from './stored-table.ts'

export const STORED_TOKENS: StoredTable<TokenRow> = {
  name: 'tokens',
  keys: [textColumn('id', ({ id }) => id)],
  first: [
    textColumn('role', ({ role }) => role),
    numberColumn('issued_at', ({ issuedAt }) => issuedAt),
  ],
  later: [
    bytesColumn('secret_hash', ({ secretHash }) => secretHash),
    numberColumn('uses', ({ uses }) => uses),
    numberColumn('expires_at', ({ expiresAt }) => expiresAt),
    textColumn('required', ({ required }) => JSON.stringify(required)),
    textColumn('optional', ({ optional }) => JSON.stringify(optional)),
    textColumn('terms', ({ terms }) => JSON.stringify(terms)),
    numberColumn('by_hand', ({ byHand }) => (byHand ? 1 : 0)),
    numberColumn('forgotten_at', ({ forgottenAt }) => forgottenAt),
    numberColumn('revoked_at', ({ revokedAt }) => revokedAt),
    numberColumn('paused_at', ({ pausedAt }) => pausedAt),
    numberColumn('expiry_noted_at', ({ expiryNotedAt }) => expiryNotedAt),
    numberColumn('revision', ({ revision }) => revision),
  ],
  also: 'label = CASE WHEN v.forgotten_at IS NULL THEN t.label END',
  toRow: (row) => ({
    id: text(row, 'id'),
    secretHash: optionalBlob(row, 'secret_hash'),
    role: text(row, 'role') === 'foil' ? 'foil' : 'stock',
    uses: optionalInteger(row, 'uses') ?? null,
    issuedAt: integer(row, 'issued_at'),
    expiresAt: integer(row, 'expires_at'),
    required: texts(row, 'required'),
    optional: texts(row, 'optional'),
    terms: json(row, 'terms'),
    byHand: integer(row, 'by_hand') === 1,
    forgottenAt: optionalInteger(row, 'forgotten_at'),
    revokedAt: optionalInteger(row, 'revoked_at'),
    pausedAt: optionalInteger(row, 'paused_at'),
    expiryNotedAt: optionalInteger(row, 'expiry_noted_at'),
    revision: integer(row, 'revision'),
    // They come with the redemptions that stand on them.
    pastTerms: {},
  }),
}

/** The terms of a token before they were changed. */
export interface PastTermsRow extends Pick<TokenRow, 'required' | 'optional' | 'terms'> {
  readonly tokenId: string
  readonly revision: number
}

export const STORED_PAST_TERMS: StoredTable<PastTermsRow> = {
  name: 'past_terms',
  // Those of one revision are the same for ever.
  mayBeThere: true,
  keys: [
    textColumn('token_id', ({ tokenId }) => tokenId),
    numberColumn('revision', ({ revision }) => revision),
  ],
  later: [
    textColumn('required', ({ required }) => JSON.stringify(required)),
    textColumn('optional', ({ optional }) => JSON.stringify(optional)),
    textColumn('terms', ({ terms }) => JSON.stringify(terms)),
  ],
  toRow: (row) => ({
    tokenId: text(row, 'token_id'),
    revision: integer(row, 'revision'),
    required: texts(row, 'required'),
    optional: texts(row, 'optional'),
    terms: json(row, 'terms'),
  }),
}

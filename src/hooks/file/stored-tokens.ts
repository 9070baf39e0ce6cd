import { randomBytes } from 'node:crypto'
import { sameHash } from '../../protocol/base/same-hash.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tokenRecords } from '../../store/records/token-records.ts'
import type { HookRefusal, TokenContext, TokenHook, TokenInfo } from '../session-hooks.ts'

/**
 * Invitations in the store. A token minted by another process a moment ago is good at once, because
 * each question goes to the file. Uses are reserved and committed by the session manager, in the
 * same store and the same transaction as the session itself.
 */
export class StoredTokens implements TokenHook {
  /** Uses are counted by the ledger, in the same store. */
  readonly mustBeTold = false
  readonly #store: Pick<RecordStore, 'query'>
  readonly #now: () => number
  /** Compared with when the id is unknown, so that this takes as long as a wrong secret. */
  readonly #nobody = { token: undefined, secretHash: randomBytes(32) }

  constructor(store: Pick<RecordStore, 'query'>, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /** @throws StoreError, StoreDamagedError */
  async validate(tokenId: string, { secretHash }: TokenContext): Promise<TokenInfo | HookRefusal> {
    const known = await this.#store.query(() => tokenRecords.lookUp(tokenId))
    const found = known ?? this.#nobody
    const isSame = sameHash(found.secretHash, secretHash)
    const { token } = found
    if (token === undefined || !isSame) return { refused: 'invalid_token' }
    if (token.revokedAt !== undefined) return { refused: 'revoked' }
    if (token.expiresAt <= this.#now()) return { refused: 'expired' }
    if (token.pausedAt !== undefined) return { refused: 'paused' }
    return {
      tokenId,
      initiatorRole: token.role,
      expiryUtc: new Date(token.expiresAt).toISOString(),
      identityRequirements: token.required,
      identityOptional: token.optional,
      usesAllowed: token.uses,
      terms: token.terms,
      byHand: token.byHand,
      label: token.label,
      revision: token.revision,
    }
  }

  /** Does nothing: the use is in the ledger already, with the session that made it. */
  async markUsed(_tokenId: string, _sessionId: string): Promise<void> {}
}

import { randomBytes } from 'node:crypto'
import { SHA256_BYTES } from '../../protocol/base/digest.ts'
import { sameHash } from '../../protocol/base/same-hash.ts'
import type {
  HookContext,
  HookRefusal,
  TokenContext,
  TokenHook,
  TokenInfo,
} from '../session-hooks.ts'
import { TokenExistsError } from './errors.ts'

/** An invitation that is to be held. */
export interface MemoryToken {
  readonly tokenId: string
  /** `secretHashOf` the secret, 32 bytes. */
  readonly secretHash: Uint8Array
  readonly info: Omit<TokenInfo, 'tokenId'>
}

/** The part of a token that may be another one for later invitees. */
export type MemoryTokenUpdate = Partial<
  Pick<TokenInfo, 'terms' | 'identityRequirements' | 'identityOptional' | 'label'>
>

interface HeldToken {
  readonly secretHash: Uint8Array
  info: TokenInfo
  readonly usedBy: Set<string>
  revoked: boolean
}

/**
 * Invitations in this process's memory. Whether a use is left is not asked here: the session manager
 * reserves uses in its own store, and the holder of the last one must get through when it retries.
 */
export class MemoryTokens implements TokenHook {
  readonly #tokens = new Map<string, HeldToken>()
  readonly #now: () => number
  /** Compared with when the id is unknown, so that this takes as long as a wrong secret. */
  readonly #nobody = randomBytes(SHA256_BYTES)

  /** @param now milliseconds since the epoch */
  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * @throws TokenExistsError for an id issued before, RangeError for a hash that has not 32 bytes or an expiry
   *   that is no date
   */
  issue({ tokenId, secretHash, info }: MemoryToken): void {
    if (this.#tokens.has(tokenId)) throw new TokenExistsError(tokenId)
    if (secretHash.length !== SHA256_BYTES) throw new RangeError('a secret hash has 32 bytes')
    if (Number.isNaN(Date.parse(info.expiryUtc))) throw new RangeError('the expiry is no date')
    this.#tokens.set(tokenId, {
      secretHash: Uint8Array.from(secretHash),
      info: { ...info, tokenId },
      usedBy: new Set(),
      revoked: false,
    })
  }

  /** Lets nobody new in from now on. Returns false if there is no such token. */
  revoke(tokenId: string): boolean {
    const token = this.#tokens.get(tokenId)
    if (token === undefined) return false
    token.revoked = true
    return true
  }

  /**
   * Offers later invitees other terms, or other fields; the session manager keeps the earlier ones for whoever has reserved
   * on them. Returns false if there is no such token.
   */
  update(tokenId: string, update: MemoryTokenUpdate): boolean {
    const token = this.#tokens.get(tokenId)
    if (token === undefined) return false
    token.info = { ...token.info, ...update }
    return true
  }

  /** Returns how many uses are spent for good; undefined if there is no such token. */
  uses(tokenId: string): number | undefined {
    return this.#tokens.get(tokenId)?.usedBy.size
  }

  async validate(
    tokenId: string,
    { signal, secretHash }: TokenContext,
  ): Promise<TokenInfo | HookRefusal> {
    signal.throwIfAborted()
    const token = this.#tokens.get(tokenId)
    const isRight = sameHash(secretHash, token?.secretHash ?? this.#nobody)
    if (token === undefined || !isRight) return { refused: 'invalid_token' }
    if (token.revoked) return { refused: 'revoked', reason: 'this invitation was withdrawn' }
    if (this.#now() >= Date.parse(token.info.expiryUtc)) {
      return { refused: 'expired', reason: `this invitation expired ${token.info.expiryUtc}` }
    }
    return token.info
  }

  async markUsed(tokenId: string, sessionId: string, { signal }: HookContext): Promise<void> {
    signal.throwIfAborted()
    this.#tokens.get(tokenId)?.usedBy.add(sessionId)
  }
}

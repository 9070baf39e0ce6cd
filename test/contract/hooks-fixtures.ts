import type {
  HookContext,
  PresentedToken,
  ProvisionContext,
  TokenContext,
  TokenInfo,
} from '../../src/hooks/session-hooks.ts'
import type { Role } from '../../src/protocol/base/role.ts'
import { buildDraft } from '../../src/protocol/draft/build-draft.ts'
import { secretHashOf, tokenIdOf } from '../../src/protocol/link/secret.ts'
import type { BuiltDatabase } from '../../src/protocol/message/messages.ts'

export const ALICE = '12D3KooWAlice'
export const BOB = '12D3KooWBob'
export const RIGHT = { tokenId: tokenIdOf(secret(1)), secretHash: secretHashOf(secret(1)) }
export const INFO = {
  initiatorRole: 'stock',
  expiryUtc: '2999-01-01T00:00:00.000Z',
  identityRequirements: ['name'],
  identityOptional: ['email'],
  usesAllowed: 1,
  terms: { unit: 'EUR' },
  label: 'bike',
} as const satisfies Omit<TokenInfo, 'tokenId'>
export const EXPIRED = { ...INFO, expiryUtc: '2001-01-01T00:00:00.000Z' }

export function secret(fill: number): Uint8Array {
  return new Uint8Array(16).fill(fill)
}

export function context(signal: AbortSignal = new AbortController().signal): HookContext {
  return {
    signal,
    sessionId: 'session-1',
    redemptionId: 'redemption-1',
    fence: 1,
    deadline: Date.now() + 60_000,
    peerId: BOB,
  }
}

/** The context of a question about that token. */
export function shown({ tokenId, secretHash }: PresentedToken, signal?: AbortSignal): TokenContext {
  return { ...context(signal), tokenId, secretHash }
}

export function draftFor(createdBy: Role): (tallyId: string) => BuiltDatabase['draft'] {
  const half = (partyId: string) => ({ partyId, identity: {}, cadre: [] })
  const halves = { stock: half(ALICE), foil: half(BOB) }
  return (tallyId) => buildDraft({ tallyId, createdAt: 0, createdBy, terms: null, ...halves })
}

export function provisionContext(tallyId: string, signal?: AbortSignal): ProvisionContext {
  return { ...context(signal), tallyId, draftFor: draftFor('stock') }
}

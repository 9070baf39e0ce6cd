import type { TokenAnswer, TokenInfo } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { mint } from '../invitations/mint.ts'

/**
 * How long an invitation is good for, in ms.
 * @default 24 h, because what is handed over today is redeemed by tomorrow
 */
const DEFAULT_EXPIRY_MS = 86_400_000

/** The terms of a new invitation. */
export interface InvitationInit {
  /** The inviter's peer id: that of the node which answers. */
  readonly inviter: string
  /** The half of the tally that the inviter holds. */
  readonly role: Role
  /** Multiaddrs of that node, with or without its peer id. */
  readonly addresses: readonly string[]
  /** How long it is good for, ms. @default 24 h */
  readonly expiresInMs?: number
  /** How many tallies may come of it; `null` for any number. @default 1 */
  readonly uses?: number | null
  /** Names of what the invitee must disclose, e.g. `['name']`. @default [] */
  readonly required?: readonly string[]
  /** Names of what the invitee is welcome to disclose. @default [] */
  readonly optional?: readonly string[]
  /** Shown to the invitee, and part of the draft. At most 8 KiB as JSON. @default none */
  readonly terms?: JsonValue
  /** For the inviter alone. */
  readonly label?: string
  /** The inviter says yes or no to each request: `SessionManager.decideRequest`. @default false */
  readonly byHand?: boolean
}

/** An invitation as a token hook keeps it. Nothing of it gives the secret away. */
export interface MintedToken {
  readonly tokenId: string
  /** 32 bytes. */
  readonly secretHash: Uint8Array
  /** The answer of `token.validate` for it. */
  readonly info: Omit<TokenInfo, 'tokenId'> & Pick<TokenAnswer, 'secretHash'>
}

export interface Invitation {
  /** The only copy of the secret. Whoever has it may redeem it: hand it over, don't log it. */
  readonly link: string
  /** Give this to your token hook before the link leaves: `tokens.issue(token)`. */
  readonly token: MintedToken
  /** Addresses that are not in the link: the link would get too long. */
  readonly dropped: readonly string[]
}

/**
 * Makes an invitation with a secret from the operating system's generator. Issues nothing by itself.
 * @param now milliseconds since the epoch
 * @throws PeerIdError for an inviter without an Ed25519 key; AddressError for an address that a link
 *   can't carry; RangeError if there is no usable address, the expiry is past or beyond 2106, the uses
 *   are no count, or the terms are too long
 */
export function mintInvitation(init: InvitationInit, now: number = Date.now()): Invitation {
  const { inviter: peerId, role, addresses, expiresInMs = DEFAULT_EXPIRY_MS } = init
  const { uses = 1, required = [], optional, terms, label, byHand } = init
  const expiresAt = now + expiresInMs
  if (Math.floor(expiresAt / 1_000) * 1_000 <= now)
    throw new RangeError('an invitation expires in the future')
  const grant = { role, uses, required, optional: optional ?? [], terms: terms ?? null }
  const { token, link, dropped } = mint(grant, { peerId, addresses, expiresAt }, now)
  const info = {
    initiatorRole: role,
    expiryUtc: new Date(token.expiresAt).toISOString(),
    identityRequirements: required,
    usesAllowed: uses,
    secretHash: Buffer.from(token.secretHash).toString('hex'),
    ...compact({ identityOptional: optional, terms, label, byHand }),
  }
  return { link, dropped, token: { tokenId: token.id, secretHash: token.secretHash, info } }
}

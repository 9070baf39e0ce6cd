import { randomBytes } from 'node:crypto'
import type { TokenInfo } from '../../hooks/session-hooks.ts'
import { sortForLink } from '../../network/address/addresses.ts'
import { publicKeyOfPeerId } from '../../protocol/base/peer-id-text.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { fitLink, MAX_LINK_CHARACTERS } from '../../protocol/link/link.ts'
import { SECRET_BYTES, secretHashOf, tokenIdOf } from '../../protocol/link/secret.ts'
import { MAX_TERMS_BYTES } from '../../protocol/message/message-limits.ts'

/**
 * How long an invitation is good for, in ms.
 * @default 24 h, because what is handed over today is redeemed by tomorrow
 */
const DEFAULT_EXPIRY_MS = 86_400_000

/** What an invitation shall be. */
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
}

/** What a token hook keeps of an invitation. Nothing of it gives the secret away. */
export interface MintedToken {
  readonly tokenId: string
  /** 32 bytes. */
  readonly secretHash: Uint8Array
  readonly info: Omit<TokenInfo, 'tokenId'>
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
 * A new invitation with a secret from the operating system's generator. Issues nothing by itself.
 * @param now milliseconds since the epoch
 * @throws PeerIdError for an inviter without an Ed25519 key; AddressError for an address that a link
 *   can't carry; RangeError if there is no usable address, the expiry is past or beyond 2106, the uses
 *   are no count, or the terms are too long
 */
export function mintInvitation(init: InvitationInit, now: number = Date.now()): Invitation {
  const { inviter, role } = init
  const publicKey = publicKeyOfPeerId(inviter)
  const suffix = `/p2p/${inviter}`
  const addresses = sortForLink(init.addresses.map((address) => withoutEnd(address, suffix)))
  if (addresses.length === 0)
    throw new RangeError('an invitation needs an address to be reached at')
  const expiresAt = Math.floor((now + (init.expiresInMs ?? DEFAULT_EXPIRY_MS)) / 1_000)
  if (expiresAt * 1_000 <= now) throw new RangeError('an invitation expires in the future')
  const secret = Uint8Array.from(randomBytes(SECRET_BYTES))
  const fitted = fitLink({ role, secret, expiresAt, publicKey, addresses }, MAX_LINK_CHARACTERS)
  const info = infoOf(init, expiresAt)
  const token = { tokenId: tokenIdOf(secret), secretHash: secretHashOf(secret), info }
  return { ...fitted, token }
}

function infoOf(init: InvitationInit, expiresAt: number): MintedToken['info'] {
  const { role, uses = 1, required = [], optional, terms, label } = init
  if (uses !== null && !(Number.isSafeInteger(uses) && uses > 0)) {
    throw new RangeError('an invitation has one use or more')
  }
  if (terms !== undefined && Buffer.byteLength(JSON.stringify(terms)) > MAX_TERMS_BYTES) {
    throw new RangeError(`terms have at most ${MAX_TERMS_BYTES} bytes`)
  }
  return {
    initiatorRole: role,
    expiryUtc: new Date(expiresAt * 1_000).toISOString(),
    identityRequirements: required,
    usesAllowed: uses,
    ...(optional === undefined ? {} : { identityOptional: optional }),
    ...(terms === undefined ? {} : { terms }),
    ...(label === undefined ? {} : { label }),
  }
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text
}

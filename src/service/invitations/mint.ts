import { randomBytes } from 'node:crypto'
import { sortForLink } from '../../network/address/addresses.ts'
import { publicKeyOfPeerId } from '../../protocol/base/peer-id-text.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import {
  encodeLink,
  fitLink,
  type LinkContent,
  MAX_LINK_CHARACTERS,
  toQrText,
} from '../../protocol/link/link.ts'
import { SECRET_BYTES, secretHashOf, tokenIdOf } from '../../protocol/link/secret.ts'
import { MAX_TERMS_BYTES } from '../../protocol/message/message-limits.ts'
import type { TokenToIssue } from '../../store/ledger/tokens.ts'

/** The right that an invitation grants. */
export interface InvitationGrant {
  /** The inviter's role. */
  readonly role: Role
  /** `null`: a standing invitation. */
  readonly uses: number | null
  readonly label?: string
  /** Names of the disclosure fields that an invitee must give. */
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly terms: JsonValue
  /** The inviter says yes or no to each request. */
  readonly byHand?: true
}

/** The inviter, where it can be reached, and until when. */
export interface MintOptions {
  readonly peerId: string
  /** Multiaddrs, with or without the peer id. The link names the best first. */
  readonly addresses: readonly string[]
  /** Nodes that speak for the inviter may answer there. @default only the inviter itself */
  readonly nodes?: true | undefined
  /** Milliseconds since the epoch; a link tells whole seconds. */
  readonly expiresAt: number
}

/** A link in its form for a QR code, and the addresses that were left out of it. */
export interface QrForm {
  readonly text: string
  readonly dropped: readonly string[]
}

/** A new invitation. Nothing is stored yet. */
export interface Minted {
  readonly token: TokenToIssue
  /** The bearer right, and the only copy of the secret. */
  readonly link: string
  /** Addresses that are not in the link: it would get too long. */
  readonly dropped: readonly string[]
  /** The same link with fewer and fewer addresses, the last dropped first. */
  qrForms(): Iterable<QrForm>
}

/** The shortest life of an invitation, ms: a link tells whole seconds. */
const SHORTEST_MS = 1_000

/**
 * Makes an invitation with a secret from the operating system's generator.
 * @param now milliseconds since the epoch
 * @throws PeerIdError for an inviter without an Ed25519 key; AddressError for an address that a link
 *   can't carry; LinkTooLongError; RangeError if there is no usable address, the expiry is beyond 2106, the uses are no
 *   count, or the terms are too long
 */
export function mint(grant: InvitationGrant, options: MintOptions, now = Date.now()): Minted {
  checkGrant(grant)
  const { peerId, nodes } = options
  const publicKey = publicKeyOfPeerId(peerId)
  const suffix = `/p2p/${peerId}`
  const addresses = sortForLink(options.addresses.map((address) => withoutEnd(address, suffix)))
  if (addresses.length === 0)
    throw new RangeError('an invitation needs an address to be reached at')
  const expiresAt = Math.floor(Math.max(now + SHORTEST_MS, options.expiresAt) / 1_000)
  const secret = Uint8Array.from(randomBytes(SECRET_BYTES))
  const { role } = grant
  const content = { role, secret, expiresAt, publicKey, addresses, ...(nodes ? { nodes } : {}) }
  const { link, dropped } = fitLink(content, MAX_LINK_CHARACTERS)
  return {
    token: {
      ...grant,
      id: tokenIdOf(secret),
      secretHash: secretHashOf(secret),
      issuedAt: now,
      expiresAt: expiresAt * 1_000,
    },
    link,
    dropped,
    qrForms: () => qrForms(content, addresses.length - dropped.length),
  }
}

function checkGrant({ uses, terms }: InvitationGrant): void {
  if (uses !== null && !(Number.isSafeInteger(uses) && uses > 0)) {
    throw new RangeError('an invitation has one use or more')
  }
  checkTerms(terms)
}

/** @throws RangeError for terms that no message has room for */
export function checkTerms(terms: JsonValue): void {
  if (Buffer.byteLength(JSON.stringify(terms)) > MAX_TERMS_BYTES) {
    throw new RangeError(`terms have at most ${MAX_TERMS_BYTES} bytes`)
  }
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text
}

function* qrForms(content: LinkContent, most: number): Generator<QrForm> {
  const named = content.addresses.slice(0, most)
  for (let kept = most; kept > 0; kept--) {
    const text = toQrText(encodeLink({ ...content, addresses: named.slice(0, kept) }))
    yield { text, dropped: named.slice(kept) }
  }
}

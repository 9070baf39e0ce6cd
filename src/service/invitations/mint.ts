import type { Role } from '../../protocol/base/role.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { decodeLink, encodeLink, toQrText } from '../../protocol/link/link.ts'
import type { TokenToIssue } from '../../store/ledger/tokens.ts'
import { mintInvitation } from '../library/mint-invitation.ts'

/** What an invitation grants. */
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
}

/** Who invites, where, and until when. */
export interface MintInit {
  readonly peerId: string
  /** At most 16, best first. */
  readonly addresses: readonly string[]
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
  /** The bearer right. */
  readonly link: string
  /** The same link with fewer and fewer addresses, the last dropped first. */
  qrForms(): Iterable<QrForm>
}

/** No link can say that it is over before the second is. */
const SHORTEST_MS = 1_000

/** @throws as `mintInvitation` */
export function mint(grant: InvitationGrant, init: MintInit): Minted {
  const { peerId: inviter, addresses, expiresAt } = init
  const issuedAt = Date.now()
  const expiresInMs = Math.max(SHORTEST_MS, expiresAt - issuedAt)
  const { link, token } = mintInvitation({ ...grant, inviter, addresses, expiresInMs }, issuedAt)
  return {
    token: {
      ...grant,
      id: token.tokenId,
      secretHash: token.secretHash,
      issuedAt,
      expiresAt: Date.parse(token.info.expiryUtc),
    },
    link,
    qrForms: () => qrForms(link),
  }
}

function* qrForms(link: string): Generator<QrForm> {
  const content = decodeLink(link)
  for (let kept = content.addresses.length; kept > 0; kept--) {
    const addresses = content.addresses.slice(0, kept)
    const text = toQrText(encodeLink({ ...content, addresses }))
    yield { text, dropped: content.addresses.slice(kept) }
  }
}

import type { LinkContent } from '../../protocol/link/link-content.ts'
import type { IdentityBundle, Offer } from '../../protocol/message/messages.ts'

/** A link to redeem, and how. */
export interface RedeemRequest {
  readonly link: LinkContent
  /** Disclosed to the inviter. */
  readonly identity: IdentityBundle
  /** Multiaddrs, with peer id, of the nodes this side nominates. */
  readonly cadre: readonly string[]
  /** A second tally from a standing invitation. */
  readonly another?: boolean
  /** The offer that the user agreed to; the inviter must still mean it. */
  readonly consented?: Offer
  /** Overrides the session's deadline, ms. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

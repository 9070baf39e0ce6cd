import type { LegacyLinkPart, LinkContent } from '../../protocol/link/link-content.ts'
import type { Offer, Refusal } from '../../protocol/message/messages.ts'

/**
 * Tells the offer of an older peer's link, all of which is in the link: that inviter can't be asked, and so this
 * computer's clock is the only one.
 * @param now milliseconds since the epoch
 */
export function offerInLink(
  { role, expiresAt }: LinkContent,
  { required }: LegacyLinkPart,
  now: number,
): Offer | Refusal {
  if (expiresAt * 1_000 <= now) {
    const reason = 'the time in the link is over'
    return { type: 'ProvisioningResult', approved: false, code: 'expired', reason }
  }
  return { type: 'Offer', role, terms: null, required, optional: [], expiresAt }
}

import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { LinkError } from '../../protocol/errors.ts'
import { isLegacyLink, pinLegacyLink } from '../../protocol/link/legacy-link.ts'
import { decodeLink } from '../../protocol/link/link.ts'

export { isLegacyLink }

/**
 * Makes sure that a link is of the inviter that the user has named. An older link that names nobody is made to.
 * @param inviter peer id
 * @throws LinkError
 */
export function pinLink(text: string, inviter: string): string {
  const pinned = isLegacyLink(text) ? pinLegacyLink(text, inviter) : text
  if (peerIdOfPublicKey(decodeLink(pinned).publicKey) !== inviter) throw new LinkError('two_peers')
  return pinned
}

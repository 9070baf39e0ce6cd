import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { encodeLegacyLink } from '../../protocol/link/legacy-link.ts'
import { decodeLink } from '../../protocol/link/link.ts'
import type { Minted } from './mint.ts'

/** Writes an invitation as older peers read it: one line of JSON. It is the same bearer right as the link. */
export function legacyLinkOf({ link, token }: Pick<Minted, 'link' | 'token'>): string {
  const content = decodeLink(link)
  return `${encodeLegacyLink(content, peerIdOfPublicKey(content.publicKey), token.required)}\n`
}

import { createDialer, type HearDial } from '../../network/dial/dial.ts'
import type { NetworkNode } from '../../network/node/node.ts'
import { LEGACY_BOOTSTRAP } from '../../network/stream/wire-protocol.ts'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import type { LegacyLinkPart, LinkContent } from '../../protocol/link/link-content.ts'
import { linkHash, tokenIdOf } from '../../protocol/link/secret.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import type { SessionStore } from '../../session/ports/store.ts'

/** Makes what meets the older inviter of one link. Loads the older protocol. */
export async function createLegacyDialer(
  node: NetworkNode,
  store: SessionStore,
  link: LinkContent & { readonly legacy: LegacyLinkPart },
  hearDial?: HearDial,
): Promise<Dialer> {
  const { LegacyDialer } = await import('../../network/legacy/legacy-dialer.ts')
  const { role, expiresAt, secret, publicKey, legacy } = link
  const streams = createDialer(node, {}, hearDial, LEGACY_BOOTSTRAP)
  return new LegacyDialer(streams, {
    ...legacy,
    tokenId: tokenIdOf(secret),
    role,
    expiresAt,
    inviter: peerIdOfPublicKey(publicKey),
    localPeer: streams.localPeer,
    approvedAt: (await begunAt(store, link)) ?? Date.now(),
  })
}

/** The time of the draft that there is of this link already: an older inviter does not tell it. */
async function begunAt(store: SessionStore, link: LinkContent): Promise<number | undefined> {
  const { attempts, tallies } = store.lookups
  const { tallyId } = (await attempts.kept(linkHash(link))) ?? {}
  return tallyId === undefined ? undefined : (await tallies.find(tallyId))?.createdAt
}

import type { Libp2p, Peer } from '@libp2p/interface'
import { changed, requireMethods } from './packages.ts'

/**
 * Keeps nothing of any peer but the node itself. libp2p notes which protocols each peer speaks, with each stream anew,
 * and keeps that: some KiB a peer, and a tenth of the time that a stream takes. Nothing of it is of use here.
 *
 * Written for libp2p 3.3.11, which notes peers by `components.peerStore.merge`, and @libp2p/peer-store 12.0.28:
 * replaces `merge`, and reads the private field `components` to make sure that libp2p will call the replacement.
 * @throws PatchedInternalsError
 */
export function rememberNoPeers(node: Libp2p): void {
  const { peerId, peerStore } = node
  const components: unknown = Reflect.get(node, 'components')
  const isShared =
    typeof components === 'object' &&
    components !== null &&
    Reflect.get(components, 'peerStore') === peerStore
  if (!isShared) throw changed('libp2p', 'Libp2p.components.peerStore')
  requireMethods(peerStore, ['merge'], '@libp2p/peer-store', 'PersistentPeerStore')
  const merge = peerStore.merge.bind(peerStore)
  peerStore.merge = async (id, data, options): Promise<Peer> => {
    if (peerId.equals(id)) return await merge(id, data, options)
    return { id, addresses: [], protocols: [], metadata: new Map(), tags: new Map() }
  }
}

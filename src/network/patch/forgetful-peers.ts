import type { Libp2p, Peer } from '@libp2p/interface'

/**
 * libp2p notes which protocols each peer speaks, with each stream anew, and never forgets anybody: some KiB for each new
 * key that somebody makes, and a tenth of the time that a stream takes. Nothing of it is of use here.
 */
export function rememberNoPeers({ peerId, peerStore }: Libp2p): void {
  const merge = peerStore.merge.bind(peerStore)
  peerStore.merge = async (id, data, options): Promise<Peer> => {
    if (peerId.equals(id)) return await merge(id, data, options)
    return { id, addresses: [], protocols: [], metadata: new Map(), tags: new Map() }
  }
}

import type { DeniedPeer } from '../../store/peers/denied-peers.ts'
import type { Store } from '../../store/transaction/store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

/** Peers that can be denied: whoever is bothered by more makes new invitations. */
export const MAX_DENIED_PEERS = 10_000

/**
 * Turns a peer away from now on, before it costs anything. Its tallies stay, and a session under way ends as it would.
 * @returns `before` if it was denied already, `full` if there are too many; then nothing was changed or recorded
 * @throws StoreError
 */
export function denyPeer(
  store: Store,
  peerId: string,
  operator: Operator,
): Promise<'denied' | 'before' | 'full'> {
  return store.write(({ deniedPeers, audit }) => {
    if (deniedPeers.has(peerId)) return 'before'
    if (deniedPeers.count() >= MAX_DENIED_PEERS) return 'full'
    const { reason } = operator
    deniedPeers.add({ peerId, deniedAt: Date.now(), ...(reason === undefined ? {} : { reason }) })
    audit.append(operatorRecord('peer deny', { peerId }, {}, operator))
    return 'denied'
  })
}

/**
 * Lets a denied peer in again.
 * @returns false if it was not denied; then nothing was recorded
 * @throws StoreError
 */
export function allowPeer(store: Store, peerId: string, operator: Operator): Promise<boolean> {
  return store.write(({ deniedPeers, audit }) => {
    if (!deniedPeers.remove(peerId)) return false
    audit.append(operatorRecord('peer allow', { peerId }, {}, operator))
    return true
  })
}

/** Lists the peers that are denied, the latest first. @throws StoreError */
export function deniedPeers(store: Store): readonly DeniedPeer[] {
  return store.read((tables) => tables.deniedPeers.list(MAX_DENIED_PEERS))
}

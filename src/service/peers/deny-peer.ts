import { type DeniedPeer, deniedPeers } from '../../store/peers/denied-peers.ts'
import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'

/** Peers that can be denied: whoever is bothered by more makes new invitations. */
export const MAX_DENIED_PEERS = 10_000

/**
 * Turns a peer away from now on, before it costs anything. Its tallies stay, and a session under way ends as it would.
 * @returns `before` if it was denied already, `full` if there are too many; then nothing was changed or recorded
 * @throws StoreError
 */
export function denyPeer(
  store: RecordStore,
  peerId: string,
  operator: Operator,
): Promise<'denied' | 'before' | 'full'> {
  const deniedAt = Date.now()
  return store.transact(function* () {
    if (yield* deniedPeers.has(peerId)) return 'before'
    if ((yield* deniedPeers.count()) >= MAX_DENIED_PEERS) return 'full'
    const { reason } = operator
    yield* deniedPeers.add({ peerId, deniedAt, ...(reason === undefined ? {} : { reason }) })
    yield* appendAudit(operatorRecord('peer deny', { peerId }, {}, operator))
    return 'denied'
  })
}

/**
 * Lets a denied peer in again.
 * @returns false if it was not denied; then nothing was recorded
 * @throws StoreError
 */
export function allowPeer(
  store: RecordStore,
  peerId: string,
  operator: Operator,
): Promise<boolean> {
  return store.transact(function* () {
    if (!(yield* deniedPeers.remove(peerId))) return false
    yield* appendAudit(operatorRecord('peer allow', { peerId }, {}, operator))
    return true
  })
}

/** Lists the peers that are denied, the latest first. @throws StoreError */
export function listDeniedPeers(store: RecordStore): Promise<readonly DeniedPeer[]> {
  return store.query(() => deniedPeers.list(MAX_DENIED_PEERS))
}

/** True if nothing is taken from that peer. @throws StoreError */
export function isDeniedPeer(store: RecordStore, peerId: string): Promise<boolean> {
  return store.query(() => deniedPeers.has(peerId))
}

import type { SessionCore } from '../../session/manager/session-core.ts'
import { type RecoveryPorts, recoverSessions } from '../../session/recovery/recover-sessions.ts'
import type { NodeLease } from '../../store/postgres/node/node-lease.ts'
import type { ListenerFeed } from '../feed/listener-feed.ts'
import type { HealthWatch } from '../status/health-watch.ts'

/** The lease on a node, as a listener needs it. */
export type ListenerLease = Pick<NodeLease, 'take' | 'watch' | 'giveBack' | 'limits'>

export interface WatchLeaseParts extends Pick<RecoveryPorts, 'store' | 'clock'> {
  readonly manager: SessionCore
  readonly feed: Pick<ListenerFeed, 'problem'>
  readonly health: Pick<HealthWatch, 'serverAway' | 'serverBack'>
}

/** Does what the lease on this listener's node demands, and what other nodes leave to it. */
export function watchLease(
  lease: ListenerLease,
  { store, clock, manager, feed, health }: WatchLeaseParts,
): void {
  lease.watch({
    away: (error) => health.serverAway(error),
    back: () => health.serverBack(),
    // Its sessions end without a word, and the listener with them.
    lost: (error) => void manager.emit('storeFailed', error),
    tookOver: (node) =>
      feed.problem(`the node ${node} was not heard of for as long as its lease: it was taken over`),
    leftBehind: async () => {
      await recoverSessions({ store, clock }, 'listener')
      manager.start()
    },
  })
}

import { compact } from '../../protocol/base/compact.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { ConfigTaken } from '../control/control-protocol.ts'
import type { ControlCommands } from '../control/control-server.ts'
import type { ReachWatch } from '../reach/reach-watch.ts'
import type { Operator } from '../record/operator.ts'
import type { ListenerStatus } from '../status/listener-status.ts'
import type { ListenerSync } from '../sync/listener-sync.ts'
import type { ListenerDrain } from './listener-drain.ts'

/** A listener that has started, as the commands know it. */
interface Commanded extends Pick<ControlCommands, 'follow'> {
  readonly manager: SessionCore
  readonly reach: ReachWatch
  freshStatus(): Promise<ListenerStatus>
  readonly sync: ListenerSync | undefined
  reload(command: string, operator: Operator): Promise<ConfigTaken>
}

/** Does what commands ask of a running listener. The code for what is seldom asked is loaded then. */
export function listenerCommands(
  listener: Commanded,
  drain: ListenerDrain,
): Partial<ControlCommands> {
  const { manager } = listener
  return {
    status: () => listener.freshStatus(),
    cancel: ({ sessionId }) => ({ cancelled: manager.cancelSession(sessionId) }),
    outdate: async ({ ids }) => ({ ended: await manager.operator.outdateRequests(ids) }),
    release: async (order) => {
      const { obeyRelease } = await import('../control/cancel-session.ts')
      return await obeyRelease(manager, order)
    },
    decide: async (order) => {
      const { obeyDecision } = await import('../approval/decide-by-operator.ts')
      return await obeyDecision(manager, order)
    },
    limits: ({ peerId, reset }) => manager.peerLimits(peerId, reset),
    config: (operator) => listener.reload('config', compact(operator)),
    drain: ({ ms, operator }) => drain.asked(ms, operator),
    reach: ({ freshMs }) => listener.reach.proveSoon(freshMs),
    sync: async ({ tallyId }) => ({
      isSought: (await listener.sync?.changed(tallyId)) ?? false,
    }),
    reap: async (order) => {
      const { obeyOrder } = await import('../reaping/obey-order.ts')
      return await obeyOrder(manager, order)
    },
    follow: () => listener.follow(),
  }
}

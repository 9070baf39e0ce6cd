import type { Transport, Upgrader } from '@libp2p/interface'
import { DialAttemptError } from './dial-attempt-error.ts'
import { GuardedUpgrader } from './guarded-upgrader.ts'
import type { NetworkLimits } from './limits.ts'
import type { Impostors } from './peer-check.ts'
import { guardWebSocketListener } from './web-socket-guard.ts'

/**
 * A libp2p transport with our upgrader in front of libp2p's, and failed dials that name their address.
 * @param create the transport's own factory
 */
export function guardedTransport<Components>(
  create: (components: Components) => Transport,
  limits: NetworkLimits,
  impostors: Impostors,
): (components: Components) => Transport {
  const guarded = (upgrader: Upgrader): Upgrader => new GuardedUpgrader(upgrader, limits, impostors)
  return (components) => {
    const transport = create(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const upgrader = guarded(options.upgrader)
      return guardWebSocketListener(createListener({ ...options, upgrader }), limits)
    }
    const dial = transport.dial.bind(transport)
    transport.dial = async (address, options) => {
      try {
        return await dial(address, { ...options, upgrader: guarded(options.upgrader) })
      } catch (error) {
        const timedOut = options.signal.aborted
        throw new DialAttemptError(address.toString(), { cause: error, timedOut })
      }
    }
    return transport
  }
}

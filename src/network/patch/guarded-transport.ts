import type { Transport, Upgrader } from '@libp2p/interface'
import { toError } from '../base/to-error.ts'
import { DialAttemptError, ListenError } from '../errors.ts'
import { GuardedUpgrader, type UpgradeGuards } from './guarded-upgrader.ts'
import { guardWebSocketListener } from './web-socket-guard.ts'

/** What the transports of one node share. */
export interface TransportGuards extends UpgradeGuards {
  /** Filled as listening fails: libp2p itself passes on the words only. */
  readonly listenErrors: ListenError[]
}

/**
 * A libp2p transport with our upgrader in front of libp2p's, and failures that name their address.
 * @param create the transport's own factory
 */
export function guardedTransport<Components>(
  create: (components: Components) => Transport,
  guards: TransportGuards,
): (components: Components) => Transport {
  const guarded = (upgrader: Upgrader) => new GuardedUpgrader(upgrader, guards)
  return (components) => {
    const transport = create(components)
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const upgrader = guarded(options.upgrader)
      const listener = createListener({ ...options, upgrader })
      const listen = listener.listen.bind(listener)
      listener.listen = async (address) => {
        try {
          await listen(address)
        } catch (error) {
          guards.listenErrors.push(new ListenError(address.toString(), toError(error)))
          throw error
        }
      }
      return guardWebSocketListener(listener, guards.limits)
    }
    const dial = transport.dial.bind(transport)
    transport.dial = async (address, options) => {
      const upgrader = guarded(options.upgrader)
      try {
        return await dial(address, { ...options, upgrader })
      } catch (cause) {
        const timedOut = options.signal.aborted
        const { isTaken, isCutOff } = upgrader
        throw new DialAttemptError(address.toString(), { cause, timedOut, isTaken, isCutOff })
      }
    }
    return transport
  }
}

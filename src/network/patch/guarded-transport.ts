import type { Transport, Upgrader } from '@libp2p/interface'
import { toError } from '../base/to-error.ts'
import { DialAttemptError, ListenError, PatchedInternalsError } from '../errors.ts'
import { checkConnections } from './check-connections.ts'
import { GuardedUpgrader, type UpgradeGuards } from './guarded-upgrader.ts'
import { requireMethods } from './packages.ts'
import type { TransportPatches } from './transport-patches.ts'

/** The guards that the transports of one node share. */
export interface TransportGuards extends UpgradeGuards {
  /** Filled as listening fails: libp2p itself passes on the words only. */
  readonly listenErrors: ListenError[]
}

/**
 * A libp2p transport with our upgrader in front of libp2p's, and failures that name their address.
 *
 * Written for @libp2p/tcp 11.0.28 and @libp2p/websockets 10.1.21: replaces `createListener` and `dial` of one transport
 * and `listen` of each listener, and counts on both packages to take the upgrader from the options.
 * @param create the transport's own factory, which throws PatchedInternalsError from here on
 */
export function guardedTransport<Components>(
  create: (components: Components) => Transport,
  guards: TransportGuards,
  patches: TransportPatches,
): (components: Components) => Transport {
  const guarded = (upgrader: Upgrader) => new GuardedUpgrader(upgrader, guards, patches)
  return (components) => {
    checkConnections()
    const transport = create(components)
    requireMethods(transport, ['createListener', 'dial'], patches.inside, 'Transport')
    const createListener = transport.createListener.bind(transport)
    transport.createListener = (options) => {
      const upgrader = guarded(options.upgrader)
      const listener = createListener({ ...options, upgrader })
      requireMethods(listener, ['listen'], patches.inside, 'Listener')
      const listen = listener.listen.bind(listener)
      listener.listen = async (address) => {
        try {
          await listen(address)
        } catch (error) {
          guards.listenErrors.push(new ListenError(address.toString(), toError(error)))
          throw error
        }
      }
      patches.guardListener(listener, guards.limits)
      return listener
    }
    const dial = transport.dial.bind(transport)
    transport.dial = async (address, options) => {
      const upgrader = guarded(options.upgrader)
      try {
        return await dial(address, { ...options, upgrader })
      } catch (cause) {
        if (cause instanceof PatchedInternalsError) throw cause
        const timedOut = options.signal.aborted
        const { isTaken, isCutOff } = upgrader
        throw new DialAttemptError(address.toString(), { cause, timedOut, isTaken, isCutOff })
      }
    }
    return transport
  }
}

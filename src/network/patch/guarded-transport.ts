import type { Connection, Transport, Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import {
  type AddressDial,
  type DialOptions,
  type PrepareDial,
  raceOf,
} from '../base/address-race.ts'
import { toError } from '../base/to-error.ts'
import { DialAttemptError, ListenError, PatchedInternalsError } from '../errors.ts'
import { checkConnections } from './check-connections.ts'
import { dialNodeInstead } from './dial-node-instead.ts'
import { GuardedUpgrader, type UpgradeGuards } from './guarded-upgrader.ts'
import { requireMethods } from './packages.ts'
import type { TransportPatches } from './transport-patches.ts'

/** The guards that the transports of one node share. */
export interface TransportGuards extends UpgradeGuards {
  /** Filled as listening fails: libp2p itself passes on the words only. */
  readonly listenErrors: ListenError[]
  /** Filled by each transport: how it dials the addresses of its kind. */
  readonly dials: PrepareDial[]
}

/**
 * A libp2p transport with our upgrader in front of libp2p's, and failures that name their address.
 *
 * Written for @libp2p/tcp 11.0.28 and @libp2p/websockets 10.1.21: replaces `createListener` and `dial` of one transport
 * and `listen` of each listener, asks its `dialFilter`, and counts on both packages to take the upgrader from the options.
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
    requireMethods(transport, ['createListener', 'dial', 'dialFilter'], patches.inside, 'Transport')
    patches.mendTransport(transport)
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
    const dialOne = dial.bind(undefined, transport.dial.bind(transport), {
      guards,
      patches,
      guarded,
    })
    const isOurs = transport.dialFilter.bind(transport)
    guards.dials.push((address, options) =>
      isOurs([address]).length === 0 ? undefined : dialOne(address, options),
    )
    const prepare: PrepareDial = (address, options) => {
      for (const each of guards.dials) {
        const found = each(address, options)
        if (found !== undefined) return found
      }
      return undefined
    }
    transport.dial = async (address, options) => {
      const race = raceOf(options)
      if (race !== undefined)
        return await race.dial(address, options, { prepare, limits: guards.limits })
      return await dialOne(address, options).run({ signal: options.signal, isOneOfSeveral: false })
    }
    return transport
  }
}

type Dial = (address: Multiaddr, options: DialOptions) => Promise<Connection>

interface DialGuards {
  readonly guards: TransportGuards
  readonly patches: TransportPatches
  guarded(upgrader: Upgrader): GuardedUpgrader
}

/** Prepares one dial of one address, which has its own time and fails with an error that names it. */
function dial(
  inner: Dial,
  { guards, patches, guarded }: DialGuards,
  address: Multiaddr,
  options: DialOptions,
): AddressDial {
  const upgrader = guarded(options.upgrader)
  return {
    isTaken: () => upgrader.isTaken,
    run: async ({ signal, isOneOfSeveral }) => {
      const own = new AbortController()
      const giveUp = (): void => own.abort()
      const timer = setTimeout(giveUp, patches.dialTimeoutMs(guards.limits))
      signal.addEventListener('abort', giveUp)
      try {
        if (signal.aborted) giveUp()
        if (isOneOfSeveral) await patches.knock(address, own.signal)
        const owned = { ...options, upgrader, signal: own.signal }
        return await innerOrNode(inner, address, owned, () => timer.refresh())
      } catch (cause) {
        if (cause instanceof PatchedInternalsError) throw cause
        const { isTaken, isCutOff } = upgrader
        const timedOut = own.signal.aborted
        throw new DialAttemptError(address.toString(), { cause, timedOut, isTaken, isCutOff })
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
      }
    },
  }
}

async function innerOrNode(
  inner: Dial,
  address: Multiaddr,
  options: DialOptions,
  restart: () => void,
): Promise<Connection> {
  try {
    return await inner(address, options)
  } catch (error) {
    const { signal } = options
    const dial = async (other: Multiaddr) => await inner(other, options)
    return await dialNodeInstead(error, {
      address,
      race: raceOf(options),
      signal,
      restart,
      dial,
    })
  }
}

import { DEFAULT_NETWORK_LIMITS } from '../base/limits.ts'
import { privateMember } from '../patch/packages.ts'
import type { NetworkNode } from './node.ts'

const { maxConnections, maxPendingConnections, connectionsPerSecondPerHost } =
  DEFAULT_NETWORK_LIMITS

/** A limit of libp2p's connection manager that guests meet before they are heard. */
interface GuestLimit {
  /** The option of `connectionManager` that sets it. */
  readonly option: string
  /** Where libp2p 3 keeps it. */
  readonly path: readonly string[]
  readonly means: string
  readonly recommended: number
}

const GUEST_LIMITS: readonly GuestLimit[] = [
  {
    option: 'maxConnections',
    path: ['maxConnections'],
    means: 'connections at once',
    recommended: maxConnections,
  },
  {
    option: 'maxIncomingPendingConnections',
    path: ['maxIncomingPendingConnections'],
    means: 'guests whose handshake is under way',
    recommended: maxPendingConnections,
  },
  {
    option: 'inboundConnectionThreshold',
    path: ['inboundConnectionRateLimiter', 'points'],
    means: 'guests a second from one address',
    recommended: connectionsPerSecondPerHost,
  },
]

/**
 * Tells, in sentences, why a node will turn guests away, or nobody can be invited to it.
 *
 * Written for libp2p 3.3.11: reads private fields of its connection manager, and changes nothing. A limit that is not
 * there is passed over: this only warns.
 * @param guests how many the host wants to take at once
 */
export function nodeWarnings(node: NetworkNode, guests: number): readonly string[] {
  const low = GUEST_LIMITS.flatMap(({ option, path, means, recommended }) => {
    const value = privateMember(node, ['components', 'connectionManager', ...path])
    if (typeof value !== 'number' || value >= Math.min(guests, recommended)) return []
    const aim = `recommendedLibp2pOptions() sets ${recommended}`
    return [`connectionManager.${option} is ${value} ${means}: others are cut off; ${aim}`]
  })
  const { type } = node.peerId
  return type === 'Ed25519'
    ? low
    : [...low, `the node's key is ${type}: only Ed25519 fits in a link`]
}

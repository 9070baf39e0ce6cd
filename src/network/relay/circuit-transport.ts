import { type Listener, type Transport, transportSymbol, type Upgrader } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { PrepareDial } from '../base/address-race.ts'

/** The part of a node that the transport asks. */
interface NodeComponents {
  readonly upgrader: Upgrader
}

/** A relay with or without its id, and the peer beyond it. */
const BEYOND_RELAY = /^\/.+\/p2p-circuit\/p2p\/[^/]+$/

/**
 * Dials peers beyond relays. It listens on nothing: a place at a relay is asked for by `RelayClient`. What does the work
 * is loaded with the first such address, because most links have none.
 *
 * In the place of `circuitRelayTransport` of @libp2p/circuit-relay-v2: see docs/decisions/0044-a-relay-client-of-our-own.md.
 * @param dials ways to dial the relay itself
 */
export function circuitTransport(
  dials: readonly PrepareDial[],
): (components: NodeComponents) => Transport {
  return ({ upgrader }) => ({
    [transportSymbol]: true,
    [Symbol.toStringTag]: '@taleus/circuits',
    async dial(address, options) {
      const { dialCircuit } = await import('./dial-circuit.ts')
      return await dialCircuit(address, options, { dials, upgrader })
    },
    createListener(): Listener {
      throw new TypeError('nothing is listened on by this transport')
    },
    listenFilter: () => [],
    dialFilter: (addresses) => addresses.filter(isBeyondRelay),
  })
}

function isBeyondRelay(address: Multiaddr): boolean {
  return BEYOND_RELAY.test(address.toString())
}

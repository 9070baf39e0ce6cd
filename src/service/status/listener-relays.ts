import { addressBeyond } from '../../network/address/addresses.ts'
import { relayProblem } from '../../network/dial/dial-failure.ts'
import { type NetworkNode, nodeAddresses, nodeRelays } from '../../network/node/node.ts'
import type { KeptPlace } from '../../network/relay/kept-place.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { RouterState } from '../router/router-state.ts'
import type { ListenerStatus } from './listener-status.ts'

type ListenerRelay = NonNullable<ListenerStatus['relays']>[number]

/** The addresses of a listener, its relays, and its router, as its status tells them. */
export function waysToListener(
  node: NetworkNode,
  router: RouterState | undefined,
): Pick<ListenerStatus, 'addresses' | 'relays' | 'router'> {
  const addresses = new Set([...(router?.addresses ?? []), ...listenerAddresses(node)])
  return {
    addresses: [...addresses],
    relays: listenerRelays(node),
    ...compact({ router }),
  }
}

function listenerRelays(node: NetworkNode): ListenerRelay[] {
  return nodeRelays(node).map((place) => {
    const { relay, state, since } = place
    return { address: relay.address, state, since, ...compact({ problem: placeProblem(place) }) }
  })
}

/** The multiaddrs that a listener can be reached at, without peer ids: its own, and beyond each relay where it has a place. */
export function listenerAddresses(node: NetworkNode): string[] {
  const places = nodeRelays(node).filter(({ state }) => state === 'reserved')
  return [...nodeAddresses(node), ...places.map(({ relay }) => addressBeyond(relay))]
}

/** Says of each relay that is lost which it is, and why. */
export function lostRelays(node: NetworkNode): readonly string[] {
  return nodeRelays(node).flatMap((place) =>
    place.state === 'lost' ? [`nobody can come by the relay ${lostText(place)}`] : [],
  )
}

function lostText(place: KeptPlace): string {
  return `${place.relay.address}: ${placeProblem(place) ?? 'no connection'}`
}

/** Says why a place is lost, in words. */
export function placeProblem({ problem }: KeptPlace): string | undefined {
  return problem === undefined ? undefined : relayProblem(problem)
}

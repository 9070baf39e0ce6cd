import { parseRelayAddress } from '../../network/address/addresses.ts'
import type { NetworkLimits } from '../../network/base/limits.ts'
import { privateKeyFromBytes } from '../../network/identity/identity-key.ts'
import { createNode, type NetworkNode } from '../../network/node/node.ts'
import type { KeptPlace } from '../../network/relay/kept-place.ts'
import type { RelaysInit } from '../../network/relay/relay-client.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { FeedRelay } from '../feed/event-feed-event.ts'
import { placeProblem } from '../status/listener-relays.ts'
import type { ListenerInit } from './listener-init.ts'

/**
 * Makes a listener's node, not started.
 * @param tell hears what becomes of its relays
 * @throws ListenAddressError
 */
export async function createListenerNode(
  { key, listen, announce, relays = [] }: ListenerInit,
  limits: Partial<NetworkLimits>,
  tell: (news: FeedRelay) => void,
): Promise<NetworkNode> {
  return await createNode({
    privateKey: privateKeyFromBytes(key),
    listen,
    announce,
    relays: relaysFrom(relays, tell),
    limits,
    start: false,
  })
}

/**
 * The relays for a node, and an ear for what becomes of them.
 * @param texts multiaddrs, with or without the relay's id
 * @param tell hears when a place is there, when it is lost, and when it is back; not of attempts in between
 * @throws ListenAddressError
 */
function relaysFrom(texts: readonly string[], tell: (news: FeedRelay) => void): RelaysInit {
  const told = new Map<KeptPlace, KeptPlace['state']>()
  return {
    relays: texts.map(parseRelayAddress),
    onChange(place) {
      const before = told.get(place)
      const { state, relay } = place
      if (state === 'connecting' || state === before) return
      told.set(place, state)
      const isBack = before === 'lost' ? { isBack: true } : {}
      const problem = compact({ problem: placeProblem(place) })
      tell({ type: 'relay', address: relay.address, state, ...isBack, ...problem })
    },
  }
}

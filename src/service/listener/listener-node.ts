import { parseRelayAddress } from '../../network/address/addresses.ts'
import type { NetworkLimits } from '../../network/base/limits.ts'
import { RelayTokenRefusedError } from '../../network/errors.ts'
import { privateKeyFromBytes } from '../../network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../network/identity/key-bytes.ts'
import { type Connection, createNode, type NetworkNode } from '../../network/node/node.ts'
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
  { key, listen, announce, relays = [], relayTokenFile, legacy = false }: ListenerInit,
  limits: Partial<NetworkLimits>,
  tell: (news: FeedRelay) => void,
): Promise<NetworkNode> {
  return await createNode({
    privateKey: privateKeyFromBytes(key),
    listen,
    announce,
    relays: {
      ...relaysFrom(relays, tell),
      enter: async (connection, signal) => await showToken(connection, signal, relayTokenFile, key),
    },
    limits,
    legacy,
    start: false,
  })
}

/** A relay that knows no tokens, or asks nobody for one, says itself whether there is a place. */
async function showToken(
  connection: Connection,
  signal: AbortSignal,
  file: string | undefined,
  key: Uint8Array,
): Promise<void> {
  if (file === undefined) return
  const { readToken } = await import('../relay/token-file.ts')
  const { requestRelayAccess } = await import('../../network/relay/request-relay-access.ts')
  const options = { localPeer: peerIdOfKeyBytes(key), signal }
  const answer = await requestRelayAccess(connection, readToken(file), options)
  if (answer === 'refused') throw new RelayTokenRefusedError()
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

import type { Connection, PeerId, Upgrader } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { RelayLimitError } from '../../session/errors.ts'
import { relayOf } from '../address/relay-address.ts'
import type { DialOptions, PrepareDial } from '../base/address-race.ts'
import { toError } from '../base/to-error.ts'
import { CircuitConnection } from '../circuit/circuit-connection.ts'
import { RelayUnreachableError } from '../errors.ts'
import { boundReached } from '../stream/bound-reached.ts'
import { connectBeyond } from './ask-relay.ts'

/** The part of a node by which it dials a relay. */
export interface RelayDialer {
  /** Ways to dial an address, of each transport of the node. */
  readonly dials: readonly PrepareDial[]
  readonly upgrader: Upgrader
}

/**
 * Connects to a relay. Each has its connection of its own: libp2p's queue of dials might be full of those who wait for it.
 * @throws RelayUnreachableError
 */
export async function dialRelay(
  address: Multiaddr,
  { dials, upgrader }: RelayDialer,
  signal: AbortSignal,
): Promise<Connection> {
  const options: DialOptions = { upgrader, signal }
  for (const prepare of dials) {
    const dial = prepare(address, options)
    if (dial === undefined) continue
    try {
      return await dial.run({ signal, isOneOfSeveral: true })
    } catch (cause) {
      throw new RelayUnreachableError(address.toString(), { cause })
    }
  }
  throw new RelayUnreachableError(address.toString())
}

/**
 * Dials a peer beyond a relay: `/…/p2p-circuit/p2p/PEER`, with or without the relay's id, which then is anybody's. Noise
 * makes sure of the peer, end to end. The connection to the relay ends with the one that it carries.
 * @throws RelayUnreachableError, RelayRefusedError, RelayLimitError, WrongPeerError, and libp2p's errors
 */
export async function dialCircuit(
  address: Multiaddr,
  options: DialOptions,
  dialer: RelayDialer,
): Promise<Connection> {
  const signal = options.signal
  const relay = await dialRelay(multiaddr(relayOf(address.toString())), dialer, signal)
  try {
    const { stream, limit } = await connectBeyond(relay, peerOf(address), signal)
    stream.addEventListener('close', () => void relay.close().catch(() => undefined))
    const beyond = relay.remoteAddr.encapsulate(`/p2p-circuit/p2p/${peerOf(address).toString()}`)
    const circuit = new CircuitConnection(stream, beyond, limit)
    return await upgraded(circuit, options)
  } catch (error) {
    relay.abort(toError(error))
    throw error
  }
}

/** @throws RelayLimitError if the relay's bound does not even allow a handshake */
async function upgraded(circuit: CircuitConnection, options: DialOptions): Promise<Connection> {
  const { limits } = circuit
  try {
    return await options.upgrader.upgradeOutbound(circuit, {
      ...options,
      ...(limits === undefined ? {} : { limits }),
    })
  } catch (cause) {
    const bound = boundReached(limits)
    throw bound === undefined ? cause : new RelayLimitError(bound, { cause })
  }
}

function peerOf(address: Multiaddr): PeerId {
  return peerIdFromString(address.toString().replace(/^.*\/p2p\//, ''))
}

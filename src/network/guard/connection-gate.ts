import type { MultiaddrConnection, PeerId } from '@libp2p/interface'
import { addressKey } from '../../protocol/link/address-key.ts'
import { isRelayed } from '../../protocol/link/link-address.ts'
import { relayOf } from '../address/relay-address.ts'
import type { NetworkLimits } from '../base/limits.ts'

/** Counts the inbound connections of each host, relay and peer, and turns away those beyond its share. */
export class ConnectionGate {
  readonly #limits: NetworkLimits
  readonly #hosts = new Map<string, number>()
  readonly #relays = new Map<string, number>()
  /** Peers who came by a relay, as the relay names them: its guests have proved that to it. */
  readonly #callers = new Map<string, number>()
  readonly #peers = new Map<string, number>()

  constructor(limits: NetworkLimits) {
    this.#limits = limits
  }

  /**
   * Tells, before anything is spent on a connection, whether its host has its share. Those who come by a relay share the
   * relay's address, and have a share of their own beside that of the relay. Must not wait.
   */
  deniesHost(connection: MultiaddrConnection): boolean {
    const address = connection.remoteAddr.toString()
    if (isRelayed(address)) return this.#deniesCaller(address, connection)
    const host = addressKey(address)
    if (host === undefined) return false
    return !admit(this.#hosts, host, this.#limits.maxConnectionsPerHost, connection)
  }

  /** Tells, once the peer is known, whether it has its share. Must not wait. */
  deniesPeer(peer: PeerId, connection: MultiaddrConnection): boolean {
    return !admit(this.#peers, peer.toString(), this.#limits.maxConnectionsPerPeer, connection)
  }

  #deniesCaller(address: string, connection: MultiaddrConnection): boolean {
    const { maxConnectionsPerPeer, maxConnectionsPerRelay } = this.#limits
    const [caller = ''] = address.split('/p2p/').slice(-1)
    return !(
      admit(this.#callers, caller, maxConnectionsPerPeer, connection) &&
      admit(this.#relays, relayOf(address), maxConnectionsPerRelay, connection)
    )
  }
}

function admit(
  counts: Map<string, number>,
  key: string,
  limit: number,
  connection: MultiaddrConnection,
): boolean {
  const count = counts.get(key) ?? 0
  // One that is over already would never be taken off again.
  if (count >= limit || connection.status !== 'open') return false
  counts.set(key, count + 1)
  connection.addEventListener('close', () => {
    const left = (counts.get(key) ?? 1) - 1
    if (left > 0) counts.set(key, left)
    else counts.delete(key)
  })
  return true
}

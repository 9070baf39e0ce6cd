import type { Multiaddr } from '@multiformats/multiaddr'

/** The parts of a libp2p node that are asked. */
interface NodeParts {
  readonly peerId: { toString(): string }
  readonly transportManager: { getAddrs(): Multiaddr[] }
}

/**
 * The addresses that a node listens on, all of them. libp2p's own list leaves a public one out until a service has had it
 * confirmed by others, e.g. AutoNAT: a node without one would never tell where it is.
 */
export class ListeningAddresses {
  #parts: NodeParts | undefined

  /** To be called when the node is made. */
  bind(parts: NodeParts): this {
    this.#parts = parts
    return this
  }

  /** Those of the transports alone, without peer id: also where others are told. */
  get own(): readonly string[] {
    return (this.#parts?.transportManager.getAddrs() ?? []).map((address) => address.toString())
  }

  /** Adds those that libp2p has left out. @param told addresses that libp2p tells, with the peer id at their end */
  withAll(told: readonly Multiaddr[]): Multiaddr[] {
    if (this.#parts === undefined) return [...told]
    const { peerId, transportManager } = this.#parts
    const listening = transportManager
      .getAddrs()
      .map((address) => address.encapsulate(`/p2p/${peerId.toString()}`))
    const known = new Set(listening.map((address) => address.toString()))
    return [...listening, ...told.filter((address) => !known.has(address.toString()))]
  }
}

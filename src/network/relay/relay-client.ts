import type { Connection, Startable, Stream, Upgrader } from '@libp2p/interface'
import { peerIdFromMultihash } from '@libp2p/peer-id'
import { decode } from 'multiformats/hashes/digest'
import type { RelayAddress } from '../address/relay-address.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { CircuitConnection } from '../circuit/circuit-connection.ts'
import { STOP_PROTOCOL } from '../circuit/circuit-protocol.ts'
import { readMessage, sendMessage } from '../circuit/message-stream.ts'
import type { TransportGuards } from '../patch/guarded-transport.ts'
import { GuardedUpgrader } from '../patch/guarded-upgrader.ts'
import { CIRCUIT_PATCHES } from '../patch/transport-patches.ts'
import { readCall, takenBytes } from './circuit-messages.ts'
import { dialRelay } from './dial-circuit.ts'
import { KeptPlace } from './kept-place.ts'

/** The relays of a node that others reach by them. */
export interface RelaysInit {
  readonly relays: readonly RelayAddress[]
  /** Shows a relay whatever it wants to see before it gives a place. @default nothing */
  enter?(connection: Connection, signal: AbortSignal): Promise<void>
  /** The state of one of them has changed. */
  onChange(place: KeptPlace): void
}

/** The part of a node that its relays need. */
export interface RelayComponents {
  readonly upgrader: Upgrader
  readonly registrar: {
    handle(
      protocol: string,
      handler: (stream: Stream, connection: Connection) => Promise<void>,
      options: { readonly maxInboundStreams: number; readonly maxOutboundStreams: number },
    ): Promise<void>
    unhandle(protocol: string): Promise<void>
  }
}

/** Keeps a node's places at relays, and lets in who comes by them: through the same guards as everybody. */
export class RelayClient implements Startable {
  readonly places: readonly KeptPlace[]
  readonly #components: RelayComponents
  readonly #upgrader: Upgrader
  readonly #limits: NetworkLimits
  readonly #over = new AbortController()

  constructor(components: RelayComponents, guards: TransportGuards, init: RelaysInit) {
    this.#components = components
    this.#limits = guards.limits
    this.#upgrader = new GuardedUpgrader(components.upgrader, guards, CIRCUIT_PATCHES)
    const dialer = { dials: guards.dials, upgrader: components.upgrader }
    this.places = init.relays.map((relay) => {
      const place: KeptPlace = new KeptPlace({
        relay,
        limits: guards.limits,
        dial: async (address, signal) => await dialRelay(address, dialer, signal),
        enter: async (connection, signal) => await init.enter?.(connection, signal),
        onChange: () => init.onChange(place),
      })
      return place
    })
  }

  async start(): Promise<void> {
    await this.#components.registrar.handle(
      STOP_PROTOCOL,
      async (stream, connection) => await this.#take(stream, connection),
      { maxInboundStreams: this.#limits.maxConnectionsPerRelay, maxOutboundStreams: 1 },
    )
  }

  /** A relay that is down does not keep the node from starting. */
  afterStart(): void {
    for (const place of this.places) place.start()
  }

  async stop(): Promise<void> {
    this.#over.abort()
    await Promise.all(this.places.map((place) => place.stop()))
    await this.#components.registrar.unhandle(STOP_PROTOCOL)
  }

  /** Only a relay that was asked for a place may bring somebody. libp2p aborts the stream if this throws. */
  async #take(stream: Stream, connection: Connection): Promise<void> {
    if (!this.places.some((place) => place.isAt(connection))) throw new Error('no relay of ours')
    const signal = AbortSignal.timeout(this.#limits.negotiationTimeoutMs)
    const call = readCall(await readMessage(stream, signal))
    if (call === undefined) throw new Error('the relay does not say who comes')
    const caller = peerIdFromMultihash(decode(call.caller)).toString()
    sendMessage(stream, takenBytes())
    const address = connection.remoteAddr.encapsulate(`/p2p-circuit/p2p/${caller}`)
    const circuit = new CircuitConnection(stream, address, call.limit)
    const { limits } = circuit
    await this.#upgrader.upgradeInbound(circuit, {
      signal: this.#over.signal,
      ...(limits === undefined ? {} : { limits }),
    })
  }
}

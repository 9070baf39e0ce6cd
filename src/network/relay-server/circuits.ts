import type { Connection, Stream } from '@libp2p/interface'
import { addressKey } from '../../protocol/link/address-key.ts'
import { STOP_PROTOCOL } from '../circuit/circuit-protocol.ts'
import { readMessage, sendMessage } from '../circuit/message-stream.ts'
import { STRICT_STREAM } from '../patch/strict-negotiation.ts'
import { Circuit } from './circuit.ts'
import { isStopTaken, stopRequestBytes } from './hop-messages.ts'
import type { RelayEvent } from './relay-event.ts'
import type { RelayLimits } from './relay-limits.ts'
import type { Reservation } from './reservations.ts'
import { Shares } from './shares.ts'

/**
 * One host may hold so many of the circuits to one reserved peer for each that is still free there. Alone it has all that a
 * host may have; the fuller it gets, the less is left to whoever has many already, and the last ones go to those who have
 * none. (Choudhury and Hahne's dynamic thresholds, for buffers that are shared.)
 */
const HOST_SHARE_OF_FREE = 0.5

export interface CircuitsInit {
  readonly limits: RelayLimits
  hear(event: RelayEvent): void
}

/** A place among the circuits, for one that is being set up or runs. */
export interface CircuitPlace {
  /** Called once, when it is over or did not come about. */
  leave(): void
}

/** All circuits of a relay, and who has how many of them. */
export class Circuits {
  readonly #init: CircuitsInit
  readonly #running = new Set<Circuit>()
  readonly #to: Shares
  readonly #from: Shares
  readonly #hosts: Shares
  /** By host and reserved peer. */
  readonly #hostsTo = new Shares(Number.POSITIVE_INFINITY)
  #taken = 0
  #joined = 0
  #bytes = 0

  constructor(init: CircuitsInit) {
    const { maxCircuitsToPeer, maxCircuitsFromPeer, maxCircuitsPerHost } = init.limits
    this.#init = init
    this.#to = new Shares(maxCircuitsToPeer)
    this.#from = new Shares(maxCircuitsFromPeer)
    this.#hosts = new Shares(maxCircuitsPerHost)
  }

  /** With those being set up. */
  get size(): number {
    return this.#taken
  }

  /** The number of those that came about since the start. */
  get joined(): number {
    return this.#joined
  }

  /** Bytes that went through since the start, both ways together. */
  get bytes(): number {
    return [...this.#running].reduce((sum, { bytes }) => sum + bytes, this.#bytes)
  }

  /** With those being set up. */
  countTo(peer: string): number {
    return this.#to.count(peer)
  }

  /** Takes a place for a circuit between two peers. @returns undefined if there is none */
  take(source: Connection, to: string): CircuitPlace | undefined {
    const from = source.remotePeer.toString()
    const host = addressKey(source.remoteAddr.toString())
    const hostTo = host === undefined ? undefined : `${host} ${to}`
    const shares = [
      { of: this.#to, key: to },
      { of: this.#from, key: from },
      { of: this.#hosts, key: host },
      { of: this.#hostsTo, key: hostTo },
    ]
    if (this.#taken >= this.#init.limits.maxCircuits) return undefined
    const free = this.#init.limits.maxCircuitsToPeer - this.#to.count(to)
    if (this.#hostsTo.count(hostTo) >= free * HOST_SHARE_OF_FREE) return undefined
    if (shares.some(({ of, key }) => of.isFull(key))) return undefined
    for (const { of, key } of shares) of.take(key)
    this.#taken += 1
    return {
      leave: () => {
        for (const { of, key } of shares) of.giveBack(key)
        this.#taken -= 1
      },
    }
  }

  /** Asks a reserved peer to take a circuit. @throws whatever kept it from answering; undefined if it does not want it */
  async open(source: Connection, { connection }: Reservation, signal: AbortSignal) {
    const { maxCircuitsToPeer, maxCircuitMs: ms, maxCircuitBytes: bytes } = this.#init.limits
    const stream = await connection.newStream([STOP_PROTOCOL], {
      signal,
      maxOutboundStreams: maxCircuitsToPeer,
      ...STRICT_STREAM,
    })
    try {
      sendMessage(stream, stopRequestBytes(source.remotePeer.toMultihash().bytes, { ms, bytes }))
      if (isStopTaken(await readMessage(stream, signal))) return stream
    } catch (error) {
      stream.abort(new Error('the circuit was not taken'))
      throw error
    }
    stream.abort(new Error('the circuit was not wanted'))
    return undefined
  }

  /** Joins two streams. The place is left when they part. */
  join(
    streams: readonly [Stream, Stream],
    between: readonly [string, string],
    place: CircuitPlace,
  ) {
    const { limits, hear } = this.#init
    const [from, to] = between
    this.#joined += 1
    const told = { circuit: this.#joined, from, to }
    const since = performance.now()
    hear({ type: 'joined', ...told })
    const circuit: Circuit = new Circuit({
      streams,
      maxBytes: limits.maxCircuitBytes,
      maxMs: limits.maxCircuitMs,
      over: (end) => {
        const { bytes } = circuit
        this.#running.delete(circuit)
        this.#bytes += bytes
        place.leave()
        hear({ type: 'parted', ...told, end, bytes, ms: Math.round(performance.now() - since) })
      },
    })
    this.#running.add(circuit)
    circuit.start()
  }

  /** Ends those that run. */
  stop(): void {
    for (const circuit of [...this.#running]) circuit.end('stopped')
  }
}

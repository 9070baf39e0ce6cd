import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { compact } from '../../protocol/base/compact.ts'
import { toError } from '../base/to-error.ts'
import { HOP_PROTOCOL, STATUS } from '../circuit/circuit-protocol.ts'
import { readMessage, sendLastMessage, sendMessage } from '../circuit/message-stream.ts'
import { type DialBackEnd, DialBackServer } from '../dial-back/dial-back-server.ts'
import { ControlBudget } from '../guard/control-budget.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'
import type { NetworkNode } from '../node/node.ts'
import { RELAY_ACCESS_PROTOCOL } from '../relay/access-proof.ts'
import { Circuits } from './circuits.ts'
import { type HopAnswer, hopAnswerBytes, readHopRequest } from './hop-messages.ts'
import { RelayAccess, type RelayPolicy } from './relay-access.ts'
import type { RelayEvent, RelayPlace, RelayRefusal, RelayUsage } from './relay-event.ts'
import { type RelayLimits, relayLimits } from './relay-limits.ts'
import { RelayReservations, type Reservation } from './reservations.ts'

export interface RelayServerInit {
  readonly node: NetworkNode
  readonly policy: RelayPolicy
  /** Replace single defaults. */
  readonly limits?: Partial<RelayLimits>
  /** The multiaddrs that the relay can be reached at, no peer id; asked anew for each reservation. */
  addresses(): readonly string[]
  /** Must not throw. */
  hear(event: RelayEvent): void
  /** @default a public IP address of another computer */
  mayDial?(address: string): boolean
}

/** A request that is turned away: what the peer is told, and what the operator is. */
interface Refusal {
  readonly status: HopAnswer['status']
  readonly why: RelayRefusal
}

const REFUSALS = {
  notAllowed: { status: STATUS.permissionDenied, why: 'not_allowed' },
  full: { status: STATUS.reservationRefused, why: 'full' },
  draining: { status: STATUS.reservationRefused, why: 'draining' },
  noReservation: { status: STATUS.noReservation, why: 'no_reservation' },
  busy: { status: STATUS.resourceLimitExceeded, why: 'busy' },
  closing: { status: STATUS.resourceLimitExceeded, why: 'draining' },
  notTaken: { status: STATUS.connectionFailed, why: 'not_taken' },
  malformed: { status: STATUS.malformedMessage, why: 'malformed' },
  unexpected: { status: STATUS.unexpectedMessage, why: 'malformed' },
} as const satisfies Record<string, Refusal>

/** Streams of one connection, for each circuit that its peer may have: whoever asks for more hears so in words. */
const STREAMS_FOR_EACH = 8

/**
 * The relay's side of circuit relay v2, for any libp2p: peers reserve a place, and others reach them through it. What goes
 * through is sealed between the two of them.
 */
export class RelayServer {
  readonly #init: RelayServerInit
  readonly #limits: RelayLimits
  readonly #access: RelayAccess
  readonly #reservations: RelayReservations
  readonly #circuits: Circuits
  readonly #dialBack: DialBackServer
  readonly #dialBacks: Record<DialBackEnd, number> = { met: 0, not_met: 0, refused: 0 }
  readonly #budgets = new WeakMap<Connection, ControlBudget>()
  readonly #refused: Record<RelayRefusal, number> = {
    not_allowed: 0,
    full: 0,
    no_reservation: 0,
    busy: 0,
    not_taken: 0,
    draining: 0,
    malformed: 0,
  }
  #reserved = 0
  #isDraining = false

  constructor(init: RelayServerInit) {
    const { node, policy, hear } = init
    this.#init = init
    this.#limits = relayLimits(init.limits)
    this.#access = new RelayAccess(policy, node.peerId.toString())
    this.#circuits = new Circuits({ limits: this.#limits, hear })
    this.#dialBack = new DialBackServer({
      node,
      hasPlace: (connection) => this.#hasPlace(connection),
      told: (end) => {
        this.#dialBacks[end] += 1
      },
      ...compact({ mayDial: init.mayDial }),
    })
    this.#reservations = new RelayReservations({
      limits: this.#limits,
      now: Date.now,
      monotonic: () => performance.now(),
      released: ({ peer }, ms) => hear({ type: 'released', peer, ms: Math.round(ms) }),
    })
  }

  get usage(): RelayUsage {
    return {
      reservations: this.#reservations.size,
      circuits: this.#circuits.size,
      reserved: this.#reserved,
      joined: this.#circuits.joined,
      bytes: this.#circuits.bytes,
      refused: { ...this.#refused },
      dialBacks: { ...this.#dialBacks },
    }
  }

  /** Those whose circuits are under way first, then the oldest. @param most to be told */
  places(most: number): readonly RelayPlace[] {
    const places = [...this.#reservations.all].map(({ peer, since, connection }) => ({
      peer,
      address: addressOf(connection),
      since,
      circuits: this.#circuits.countTo(peer),
    }))
    const isFirst = (one: RelayPlace, other: RelayPlace) =>
      other.circuits - one.circuits || one.since - other.since
    return places.sort(isFirst).slice(0, most)
  }

  async start(): Promise<void> {
    const { node, policy } = this.#init
    const maxInboundStreams = STREAMS_FOR_EACH * this.#limits.maxCircuitsFromPeer
    const hop = (stream: Stream, connection: Connection) => this.#hop(stream, connection)
    await node.handle(HOP_PROTOCOL, hop, { maxInboundStreams })
    await this.#dialBack.start()
    if (policy.token === undefined) return
    const access = (stream: Stream, connection: Connection): void => {
      if (this.#spend(stream, connection)) this.#access.hear(stream, connection)
    }
    await node.handle(RELAY_ACCESS_PROTOCOL, access, { maxInboundStreams: 1 })
  }

  /** From now on takes nothing new. What there is goes on. */
  drain(): void {
    this.#isDraining = true
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    this.drain()
    this.#circuits.stop()
    this.#reservations.stop()
    await this.#dialBack.stop()
    await this.#init.node.unhandle([HOP_PROTOCOL, RELAY_ACCESS_PROTOCOL])
  }

  #hasPlace(connection: Connection): boolean {
    const { connection: held } = this.#reservations.of(connection.remotePeer.toString()) ?? {}
    return held === connection && !this.#isDraining
  }

  /** Answers the one request of a stream. Never rejects. */
  async #hop(stream: Stream, connection: Connection): Promise<void> {
    if (stream.status !== 'open' || !this.#spend(stream, connection)) return
    const over = new AbortController()
    const giveUp = (): void => over.abort()
    const clear = patientDeadline(this.#limits.requestMs, giveUp)
    stream.addEventListener('close', giveUp)
    try {
      const request = readHopRequest(await readMessage(stream, over.signal))
      if (request.type === 'reserve') await this.#reserve(stream, connection)
      else if (request.type === 'connect') {
        await this.#connect(stream, connection, request.peer, over.signal)
      } else await this.#refuse(stream, connection, REFUSALS[request.type])
    } catch (error) {
      stream.abort(toError(error))
    } finally {
      clear()
      stream.removeEventListener('close', giveUp)
    }
  }

  /** Too many requests of a connection are the end of each. */
  #spend(stream: Stream, connection: Connection): boolean {
    let budget = this.#budgets.get(connection)
    if (budget === undefined) {
      budget = new ControlBudget(this.#limits.maxRequestsAtOnce)
      this.#budgets.set(connection, budget)
    }
    try {
      budget.spend()
      return true
    } catch (error) {
      stream.abort(toError(error))
      return false
    }
  }

  async #reserve(stream: Stream, connection: Connection): Promise<void> {
    if (!this.#access.mayReserve(connection)) {
      return await this.#refuse(stream, connection, REFUSALS.notAllowed)
    }
    const peer = connection.remotePeer.toString()
    const isNew = this.#reservations.of(peer) === undefined
    // Whoever is told that its place is gone ends its connection, and with it the circuits that may go on.
    if (this.#isDraining && isNew) return await this.#refuse(stream, connection, REFUSALS.draining)
    const reservation = this.#reservations.reserve(connection)
    if (reservation === undefined) return await this.#refuse(stream, connection, REFUSALS.full)
    if (isNew) {
      this.#reserved += 1
      this.#init.hear({ type: 'reserved', peer, address: addressOf(connection) })
    }
    await this.#answer(stream, this.#granted(reservation))
  }

  #granted({ expiresAt }: Reservation): HopAnswer {
    const { node, addresses } = this.#init
    const suffix = `/p2p/${node.peerId.toString()}`
    return {
      status: STATUS.ok,
      reservation: {
        expiresAt,
        addresses: addresses().map((address) => multiaddr(`${address}${suffix}`).bytes),
      },
      bounds: this.#bounds,
    }
  }

  get #bounds() {
    return { ms: this.#limits.maxCircuitMs, bytes: this.#limits.maxCircuitBytes }
  }

  async #connect(
    stream: Stream,
    connection: Connection,
    to: string,
    signal: AbortSignal,
  ): Promise<void> {
    if (this.#isDraining) return await this.#refuse(stream, connection, REFUSALS.closing)
    const reservation = this.#reservations.of(to)
    if (reservation === undefined) {
      return await this.#refuse(stream, connection, REFUSALS.noReservation)
    }
    const place = this.#circuits.take(connection, to)
    if (place === undefined) return await this.#refuse(stream, connection, REFUSALS.busy)
    const taken = await this.#circuits.open(connection, reservation, signal).catch(() => undefined)
    if (taken === undefined || stream.status !== 'open') {
      place.leave()
      taken?.abort(new Error('the one who dialled has left'))
      return await this.#refuse(stream, connection, REFUSALS.notTaken)
    }
    try {
      sendMessage(stream, hopAnswerBytes({ status: STATUS.ok, bounds: this.#bounds }))
    } catch (error) {
      place.leave()
      taken.abort(toError(error))
      throw error
    }
    this.#circuits.join([stream, taken], [connection.remotePeer.toString(), to], place)
  }

  async #refuse(stream: Stream, connection: Connection, { status, why }: Refusal): Promise<void> {
    this.#refused[why] += 1
    this.#init.hear({ type: 'refused', peer: connection.remotePeer.toString(), why })
    await this.#answer(stream, { status })
  }

  async #answer(stream: Stream, answer: HopAnswer): Promise<void> {
    if (stream.status === 'open') await sendLastMessage(stream, hopAnswerBytes(answer))
  }
}

/** Without the peer id, which the connection has proved. */
function addressOf({ remoteAddr }: Connection): string {
  return remoteAddr.toString().replace(/\/p2p\/[^/]+$/, '')
}

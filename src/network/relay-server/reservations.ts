import type { Connection } from '@libp2p/interface'
import { addressKey } from '../../protocol/link/address-key.ts'
import { keepConnection, releaseConnection } from '../guard/kept-connections.ts'
import type { RelayLimits } from './relay-limits.ts'
import { Shares } from './shares.ts'

/** A peer's place at a relay: over its connection circuits are handed to it. */
export interface Reservation {
  readonly peer: string
  readonly connection: Connection
  /** Its host, as far as it counts; undefined for this computer. */
  readonly host: string | undefined
  /** Milliseconds since the epoch, as people are told it. */
  readonly since: number
  readonly expiresAt: number
  /** The same by a clock that nobody sets, monotonic ms. */
  readonly began: number
  readonly ends: number
}

export interface RelayReservationsInit {
  readonly limits: Pick<RelayLimits, 'maxReservations' | 'maxReservationsPerHost' | 'reservationMs'>
  /** Milliseconds since the epoch. */
  now(): number
  /** Monotonic ms. */
  monotonic(): number
  /** A place is free again. @param ms for how long it was taken */
  released(reservation: Reservation, ms: number): void
}

/**
 * The places of a relay, one a peer. A place is free as soon as the connection of its holder is, or when it was not renewed
 * in time.
 */
export class RelayReservations {
  readonly #init: RelayReservationsInit
  /** The one that ends first comes first: all last equally long. */
  readonly #places = new Map<string, Reservation>()
  readonly #hosts: Shares
  readonly #watched = new WeakSet<Connection>()
  #timer: NodeJS.Timeout | undefined

  constructor(init: RelayReservationsInit) {
    this.#init = init
    this.#hosts = new Shares(init.limits.maxReservationsPerHost)
  }

  get size(): number {
    return this.#places.size
  }

  /** The oldest first. */
  get all(): Iterable<Reservation> {
    return this.#places.values()
  }

  of(peer: string): Reservation | undefined {
    return this.#places.get(peer)
  }

  /** Takes a place for the peer of a connection, or renews it. @returns undefined if all, or all of its host, are taken */
  reserve(connection: Connection): Reservation | undefined {
    const { limits, now, monotonic } = this.#init
    const peer = connection.remotePeer.toString()
    const host = addressKey(connection.remoteAddr.toString())
    const before = this.#places.get(peer)
    const isNewHost = before === undefined || before.host !== host
    if (before === undefined && this.#places.size >= limits.maxReservations) return undefined
    if ((isNewHost && this.#hosts.isFull(host)) || connection.status !== 'open') return undefined
    if (before !== undefined) this.#forget(before)
    const reservation = {
      peer,
      connection,
      host,
      since: before?.since ?? now(),
      expiresAt: now() + limits.reservationMs,
      began: before?.began ?? monotonic(),
      ends: monotonic() + limits.reservationMs,
    }
    this.#places.set(peer, reservation)
    this.#hosts.take(host)
    keepConnection(connection)
    this.#watch(connection)
    this.#look()
    return reservation
  }

  /** Ends all of them. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const reservation of [...this.#places.values()]) this.#release(reservation)
  }

  #watch(connection: Connection): void {
    if (this.#watched.has(connection)) return
    this.#watched.add(connection)
    const peer = connection.remotePeer.toString()
    connection.addEventListener('close', () => {
      const held = this.#places.get(peer)
      // It may have gone over to another connection.
      if (held?.connection === connection) this.#release(held)
    })
  }

  /** Sees to the end of those that are not renewed, by one timer for all. */
  #look(): void {
    const [first] = this.#places.values()
    if (this.#timer !== undefined || first === undefined) return
    const ms = Math.max(0, first.ends - this.#init.monotonic())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      for (const reservation of [...this.#places.values()]) {
        if (reservation.ends > this.#init.monotonic()) break
        this.#release(reservation)
      }
      this.#look()
    }, ms).unref()
  }

  #release(reservation: Reservation): void {
    this.#forget(reservation)
    this.#init.released(reservation, this.#init.monotonic() - reservation.began)
  }

  #forget({ peer, host, connection }: Reservation): void {
    this.#places.delete(peer)
    this.#hosts.giveBack(host)
    releaseConnection(connection)
  }
}

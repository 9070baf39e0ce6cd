/** Every bound that a relay puts on its places and circuits. */
export interface RelayLimits {
  /** Reservations at once. */
  readonly maxReservations: number
  /** Reservations at once from one IPv4 address or IPv6 /64; from this computer itself any number. */
  readonly maxReservationsPerHost: number
  /** Milliseconds that a reservation holds if its holder does not renew it. */
  readonly reservationMs: number
  /** Circuits at once, with those being set up. */
  readonly maxCircuits: number
  /** Circuits at once to one reserved peer. */
  readonly maxCircuitsToPeer: number
  /** Circuits at once from one peer that dials. */
  readonly maxCircuitsFromPeer: number
  /** Circuits at once that come from one IPv4 address or IPv6 /64; from this computer itself any number. */
  readonly maxCircuitsPerHost: number
  /** Bytes that a circuit carries in each direction. */
  readonly maxCircuitBytes: number
  /** Milliseconds that a circuit lasts. */
  readonly maxCircuitMs: number
  /** Milliseconds for a request to come, and for the reserved peer to take a circuit. */
  readonly requestMs: number
  /** Requests of one connection at once; then one more a second. */
  readonly maxRequestsAtOnce: number
}

/** The limits of a relay that is told no others. */
export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  // A tenth of a gigabyte; a shop has one, a village a hundred.
  maxReservations: 1_024,
  // An office behind one address; and thirty-two such hosts do not leave a place for others.
  maxReservationsPerHost: 32,
  // As go-libp2p has it. A place is free sooner, at once when its holder's connection ends.
  reservationMs: 3_600_000,
  // Of a stalled one up to four buffers of 256 KiB are held.
  maxCircuits: 256,
  // A crowd at one shop, each for some seconds; and four shops do not fill all places. Of few hosts they are not all: circuits.ts.
  maxCircuitsToPeer: 64,
  // A bootstrap takes one, and a second one if that is tried again; to hold more is to hold what is another's.
  maxCircuitsFromPeer: 4,
  // A family behind one router; and a host with any number of keys leaves three quarters of the way to each inviter free.
  maxCircuitsPerHost: 16,
  // A bootstrap takes 4 KB, with the longest terms some 100 KB.
  maxCircuitBytes: 1_048_576,
  // A bootstrap with a person who reads the terms meanwhile takes a new circuit; as go-libp2p has it.
  maxCircuitMs: 120_000,
  // As long as two negotiations.
  requestMs: 10_000,
  // A dialer makes one or two, a holder renews once an hour.
  maxRequestsAtOnce: 32,
}

/** The defaults with some of them replaced. */
export function relayLimits(overrides: Partial<RelayLimits> = {}): RelayLimits {
  return { ...DEFAULT_RELAY_LIMITS, ...overrides }
}

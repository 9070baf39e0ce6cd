import { base58btc } from 'multiformats/bases/base58'
import { compact } from '../../protocol/base/compact.ts'
import {
  bytesOf,
  HOP_TYPE,
  type HopStatus,
  numberOf,
  STATUS,
  STOP_TYPE,
} from '../circuit/circuit-protocol.ts'
import { readFields, writeFields } from '../circuit/protobuf.ts'

/** Bytes of the longest peer id that is looked for: base58 costs the square of the length. */
const MAX_PEER_ID_BYTES = 64

/** A request of a peer. `peer` is its target's id, `12D3KooW…`. */
export type HopRequest =
  | { readonly type: 'reserve' }
  | { readonly type: 'connect'; readonly peer: string }
  | { readonly type: 'malformed' | 'unexpected' }

/** The bounds of a circuit, as its ends are told. */
export interface CircuitBounds {
  /** Milliseconds. */
  readonly ms: number
  /** In each direction. */
  readonly bytes: number
}

export interface HopAnswer {
  readonly status: HopStatus
  readonly reservation?: {
    /** Milliseconds since the epoch. */
    readonly expiresAt: number
    /** Binary multiaddrs of the relay, with its peer id. */
    readonly addresses: readonly Uint8Array[]
  }
  readonly bounds?: CircuitBounds
}

/** Reads a request. Whatever is none is `malformed` or `unexpected`. */
export function readHopRequest(bytes: Uint8Array): HopRequest {
  try {
    const fields = readFields(bytes)
    const type = numberOf(fields, 1)
    if (type === undefined) return { type: 'malformed' }
    if (type === HOP_TYPE.reserve) return { type: 'reserve' }
    if (type !== HOP_TYPE.connect) return { type: 'unexpected' }
    const peer = bytesOf(fields, 2)
    const id = peer === undefined ? undefined : bytesOf(readFields(peer), 1)
    if (id === undefined || id.length > MAX_PEER_ID_BYTES) return { type: 'malformed' }
    return { type: 'connect', peer: base58btc.baseEncode(id) }
  } catch {
    return { type: 'malformed' }
  }
}

/** A reservation is told without a voucher, which is optional, which nobody reads, and which costs a signature. */
export function hopAnswerBytes({ status, reservation, bounds }: HopAnswer): Uint8Array {
  return writeFields(
    compact({
      1: HOP_TYPE.status,
      3:
        reservation &&
        writeFields({ 1: Math.round(reservation.expiresAt / 1_000), 2: reservation.addresses }),
      4: bounds && boundsBytes(bounds),
      5: status,
    }),
  )
}

/** @param peer the id of the peer that dials, as libp2p's multihash */
export function stopRequestBytes(peer: Uint8Array, bounds: CircuitBounds): Uint8Array {
  return writeFields({ 1: STOP_TYPE.connect, 2: writeFields({ 1: peer }), 3: boundsBytes(bounds) })
}

/** True if a reserved peer takes the circuit. */
export function isStopTaken(bytes: Uint8Array): boolean {
  try {
    const fields = readFields(bytes)
    return numberOf(fields, 1) === STOP_TYPE.status && numberOf(fields, 4) === STATUS.ok
  } catch {
    return false
  }
}

/** The protocol counts in seconds. */
function boundsBytes({ ms, bytes }: CircuitBounds): Uint8Array {
  return writeFields({ 1: Math.ceil(ms / 1_000), 2: bytes })
}

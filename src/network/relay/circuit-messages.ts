import type { CircuitLimit } from '../circuit/circuit-meter.ts'
import { bytesOf, HOP_TYPE, numberOf, STATUS, STOP_TYPE } from '../circuit/circuit-protocol.ts'
import { readFields, writeFields } from '../circuit/protobuf.ts'

/** The answer of a relay to one who asks it. */
export interface RelayAnswer {
  /** Undefined if it said none. */
  readonly status: number | undefined
  /** When the place ends, seconds since the epoch by the relay's clock; of an answer to who asked for one. */
  readonly expire: number | undefined
  readonly limit: CircuitLimit
}

/** A relay's word that somebody wants to reach us. */
export interface AnnouncedCall {
  /** The multihash of the caller's peer id. */
  readonly caller: Uint8Array
  readonly limit: CircuitLimit
}

export function reserveBytes(): Uint8Array {
  return writeFields({ 1: HOP_TYPE.reserve })
}

/** @param peer multihash of the peer id */
export function connectBytes(peer: Uint8Array): Uint8Array {
  return writeFields({ 1: HOP_TYPE.connect, 2: writeFields({ 1: peer }) })
}

/** The word that a call is taken. */
export function takenBytes(): Uint8Array {
  return writeFields({ 1: STOP_TYPE.status, 4: STATUS.ok })
}

/** @throws ProtobufError */
export function readRelayAnswer(bytes: Uint8Array): RelayAnswer {
  const fields = readFields(bytes)
  const place = bytesOf(fields, 3)
  return {
    status: numberOf(fields, 1) === HOP_TYPE.status ? numberOf(fields, 5) : undefined,
    expire: place === undefined ? undefined : numberOf(readFields(place), 1),
    limit: limitIn(bytesOf(fields, 4)),
  }
}

/** @returns undefined for a message that is none @throws ProtobufError for what is no message */
export function readCall(bytes: Uint8Array): AnnouncedCall | undefined {
  const fields = readFields(bytes)
  const peer = bytesOf(fields, 2)
  const caller = peer === undefined ? undefined : bytesOf(readFields(peer), 1)
  if (numberOf(fields, 1) !== STOP_TYPE.connect || caller === undefined) return undefined
  return { caller, limit: limitIn(bytesOf(fields, 3)) }
}

/** Zero is no bound. */
function limitIn(bytes: Uint8Array | undefined): CircuitLimit {
  const fields = bytes === undefined ? [] : readFields(bytes)
  const seconds = numberOf(fields, 1) ?? 0
  const most = numberOf(fields, 2) ?? 0
  return { ...(seconds > 0 ? { seconds } : {}), ...(most > 0 ? { bytes: BigInt(most) } : {}) }
}

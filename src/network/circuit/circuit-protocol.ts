import type { Field } from './protobuf.ts'

// The numbers of circuit relay v2, which any libp2p speaks: https://github.com/libp2p/specs/blob/master/relay/circuit-v2.md

/** A peer asks a relay for a place, or for a circuit. */
export const HOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/hop'

/** A relay hands a reserved peer a circuit. */
export const STOP_PROTOCOL = '/libp2p/circuit/relay/0.2.0/stop'

/** A relay's answers. */
export const STATUS = {
  ok: 100,
  reservationRefused: 200,
  resourceLimitExceeded: 201,
  permissionDenied: 202,
  connectionFailed: 203,
  noReservation: 204,
  malformedMessage: 400,
  unexpectedMessage: 401,
} as const

/** The code of an answer. */
export type HopStatus = (typeof STATUS)[keyof typeof STATUS]

export const HOP_TYPE = { reserve: 0, connect: 1, status: 2 } as const

export const STOP_TYPE = { connect: 0, status: 1 } as const

/** The number in the last of the fields with that number, if it has one. */
export function numberOf(fields: readonly Field[], number: number): number | undefined {
  const value = fields.findLast((field) => field.number === number)?.value
  return typeof value === 'number' ? value : undefined
}

export function bytesOf(fields: readonly Field[], number: number): Uint8Array | undefined {
  const value = fields.findLast((field) => field.number === number)?.value
  return typeof value === 'object' ? value : undefined
}

/** The 64 bits in the last of the fields with that number, if they are of fixed size. */
export function fixed64Of(fields: readonly Field[], number: number): bigint | undefined {
  const value = fields.findLast((field) => field.number === number)?.value
  return typeof value === 'bigint' ? value : undefined
}

import { bytesOf, fixed64Of, numberOf } from '../circuit/circuit-protocol.ts'
import { readFields, writeFields } from '../circuit/protobuf.ts'

// The numbers of AutoNAT v2, which other peers of libp2p serve, too: https://github.com/libp2p/specs/blob/master/autonat/autonat-v2.md

/** A peer asks another one to dial it at one of its addresses. */
export const DIAL_REQUEST_PROTOCOL = '/libp2p/autonat/2/dial-request'

/** The one that was asked shows, on the connection that it has dialled, the number of the request. */
export const DIAL_BACK_PROTOCOL = '/libp2p/autonat/2/dial-back'

/** The code of an answer to a request. `refused`: to none of these addresses. */
export const REQUEST_STATUS = { rejected: 100, refused: 101, ok: 200 } as const

/** The code of what came of the dial, where the request was taken. */
export const DIAL_STATUS = { unused: 0, dialError: 100, dialBackError: 101, ok: 200 } as const

export type RequestStatus = (typeof REQUEST_STATUS)[keyof typeof REQUEST_STATUS]
export type DialStatus = (typeof DIAL_STATUS)[keyof typeof DIAL_STATUS]

/** Fields of the message that has them all, one of them at a time. */
const MESSAGE = { request: 1, answer: 2, dataWanted: 3 } as const

export interface DialRequest {
  /** Binary multiaddrs, the most important one first. */
  readonly addresses: readonly Uint8Array[]
  /** 64 bits of chance. */
  readonly nonce: bigint
}

/** The answer to a request. `data`: bytes are wanted before another host than the asking one is dialled. */
export type DialAnswer =
  | { readonly type: 'data' }
  | {
      readonly type: 'answer'
      readonly status: number | undefined
      readonly dialStatus: number | undefined
    }

export function dialRequestBytes({ addresses, nonce }: DialRequest): Uint8Array {
  return writeFields({ [MESSAGE.request]: writeFields({ 1: addresses, 2: nonce }) })
}

/** @returns undefined for what is no request @throws ProtobufError for what is no message */
export function readDialRequest(bytes: Uint8Array): DialRequest | undefined {
  const request = bytesOf(readFields(bytes), MESSAGE.request)
  if (request === undefined) return undefined
  const fields = readFields(request)
  const nonce = fixed64Of(fields, 2)
  const addresses = fields.flatMap(({ number, value }) =>
    number === 1 && typeof value === 'object' ? [value] : [],
  )
  return nonce === undefined ? undefined : { addresses, nonce }
}

/** @param index of the address that was dialled */
export function dialAnswerBytes(
  status: RequestStatus,
  index = 0,
  dialStatus: DialStatus = DIAL_STATUS.unused,
): Uint8Array {
  return writeFields({ [MESSAGE.answer]: writeFields({ 1: status, 2: index, 3: dialStatus }) })
}

/** @returns undefined for what is no answer @throws ProtobufError for what is no message */
export function readDialAnswer(bytes: Uint8Array): DialAnswer | undefined {
  const fields = readFields(bytes)
  if (bytesOf(fields, MESSAGE.dataWanted) !== undefined) return { type: 'data' }
  const answer = bytesOf(fields, MESSAGE.answer)
  if (answer === undefined) return undefined
  const told = readFields(answer)
  return { type: 'answer', status: numberOf(told, 1), dialStatus: numberOf(told, 3) }
}

export function dialBackBytes(nonce: bigint): Uint8Array {
  return writeFields({ 1: nonce })
}

/** @returns undefined if it shows no number @throws ProtobufError */
export function readDialBack(bytes: Uint8Array): bigint | undefined {
  return fixed64Of(readFields(bytes), 1)
}

/** The word that the number was right. */
export function dialBackTakenBytes(): Uint8Array {
  return writeFields({ 1: 0 })
}

// The little of protobuf that the messages of a relay need; its own packages take far more than that, and lengths that
// nobody needs.

/** One field of a message: a number, 64 bits of fixed size, or bytes. */
export interface Field {
  readonly number: number
  readonly value: number | bigint | Uint8Array
}

const VARINT = 0
const FIXED_64 = 1
const LENGTH_DELIMITED = 2
const FIXED_32 = 5

/** Bytes of the longest number that is read: 2^49 - 1. */
const MAX_NUMBER_BYTES = 7

/** The bytes were no message. */
class ProtobufError extends Error {
  override readonly name = 'ProtobufError'
}

/** Reads the fields of a message in their order. Those of 32 bits of fixed size are passed over. @throws ProtobufError */
export function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = readNumber(bytes, at)
    const [number, wireType] = [Math.floor(tag.value / 8), tag.value % 8]
    if (wireType === FIXED_64 || wireType === FIXED_32) {
      at = tag.end + (wireType === FIXED_64 ? 8 : 4)
      if (at > bytes.length) throw new ProtobufError('a field is cut off')
      if (wireType === FIXED_64) fields.push({ number, value: fixed64(bytes, tag.end) })
      continue
    }
    if (wireType !== VARINT && wireType !== LENGTH_DELIMITED) {
      throw new ProtobufError('a field is of no known type')
    }
    const { value, end } = readNumber(bytes, tag.end)
    at = wireType === VARINT ? end : end + value
    if (at > bytes.length) throw new ProtobufError('a field is cut off')
    fields.push({ number, value: wireType === VARINT ? value : bytes.subarray(end, at) })
  }
  return fields
}

/** Writes fields; those that are undefined are left out. */
export function writeFields(
  fields: Readonly<
    Record<number, number | bigint | Uint8Array | readonly Uint8Array[] | undefined>
  >,
): Uint8Array {
  const parts: Uint8Array[] = []
  for (const [number, value] of Object.entries(fields)) {
    const tag = Number(number) * 8
    if (typeof value === 'number') parts.push(numberBytes(tag + VARINT), numberBytes(value))
    else if (typeof value === 'bigint') {
      parts.push(numberBytes(tag + FIXED_64), fixed64Bytes(value))
    } else if (value !== undefined) {
      for (const each of value instanceof Uint8Array ? [value] : value) {
        parts.push(numberBytes(tag + LENGTH_DELIMITED), numberBytes(each.length), each)
      }
    }
  }
  return Buffer.concat(parts)
}

/** Writes a whole number as a varint. */
export function numberBytes(value: number): Uint8Array {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
  return Uint8Array.of(...bytes, left)
}

function fixed64(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at, true)
}

function fixed64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value, true)
  return bytes
}

function readNumber(bytes: Uint8Array, from: number): { value: number; end: number } {
  let value = 0
  for (let at = from; at < from + MAX_NUMBER_BYTES; at++) {
    const byte = bytes[at]
    if (byte === undefined) break
    value += (byte & 0x7f) * 2 ** (7 * (at - from))
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new ProtobufError('a number is cut off or too long')
}

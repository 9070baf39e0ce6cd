import { AddressError } from './address-error.ts'
import { ADDRESS_PARTS } from './address-part.ts'
import type { AddressPart } from './address-part.ts'

/** An address in a link is preceded by one byte of length. */
export const MAX_ADDRESS_BYTES = 255

/** More components than any address that we could dial has. */
const MAX_ADDRESS_PARTS = 8

const byName = new Map(ADDRESS_PARTS.map((part) => [part.name, part]))
const byCode = new Map(ADDRESS_PARTS.map((part) => [part.code, part]))

function mayStand(part: AddressPart, index: number): boolean {
  return (part.place === 'host') === (index === 0) && index < MAX_ADDRESS_PARTS
}

/**
 * A multiaddr's text as binary multiaddr, at most 255 bytes. Any usual spelling is taken.
 *
 * Written here because the multiaddr package costs 25 ms to import, too much for a cold
 * `taleus token create`; the tests compare both.
 * @throws AddressError
 */
export function addressToBytes(text: string): Uint8Array {
  const [root, ...words] = text.split('/')
  if (root !== '' || words.length === 0) throw new AddressError(text)
  const bytes: number[] = []
  let parts = 0
  for (let index = 0; index < words.length; parts++) {
    const part = byName.get(words[index++] ?? '')
    if (part === undefined || !mayStand(part, parts)) throw new AddressError(text)
    pushCode(bytes, part.code)
    if (part.value === undefined) continue
    const value = part.value.toBytes(words[index++] ?? '')
    if (value === undefined) throw new AddressError(text)
    if (part.value.size === 0) pushCode(bytes, value.length)
    bytes.push(...value)
  }
  if (bytes.length > MAX_ADDRESS_BYTES) throw new AddressError(text)
  return Uint8Array.from(bytes)
}

/**
 * The canonical text of a binary multiaddr.
 * @throws AddressError if the bytes are not exactly what `addressToBytes` makes of that text
 */
export function addressToText(bytes: Uint8Array): string {
  let text = ''
  let offset = 0
  for (let parts = 0; offset < bytes.length; parts++) {
    const code = readCode(bytes, offset)
    const part = byCode.get(code)
    if (part === undefined || !mayStand(part, parts)) throw new AddressError()
    offset += sizeOfCode(code)
    text += `/${part.name}`
    if (part.value === undefined) continue
    let size = part.value.size
    if (size === 0) {
      size = readCode(bytes, offset)
      offset += sizeOfCode(size)
    }
    if (offset + size > bytes.length) throw new AddressError()
    const value = part.value.toText(bytes.subarray(offset, offset + size))
    if (value === undefined) throw new AddressError()
    offset += size
    text += `/${value}`
  }
  if (text === '') throw new AddressError()
  return text
}

/** Unsigned varint of at most two bytes: enough for every number in an address. */
function pushCode(bytes: number[], code: number): void {
  if (code < 0x80) bytes.push(code)
  else bytes.push((code & 0x7f) | 0x80, code >> 7)
}

function sizeOfCode(code: number): number {
  return code < 0x80 ? 1 : 2
}

function readCode(bytes: Uint8Array, offset: number): number {
  const low = bytes[offset]
  if (low === undefined) throw new AddressError()
  if (low < 0x80) return low
  const high = bytes[offset + 1]
  // A second byte of zero would be a longer spelling of a smaller number.
  if (high === undefined || high === 0 || high >= 0x80) throw new AddressError()
  return (low & 0x7f) | (high << 7)
}

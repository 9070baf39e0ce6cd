import { AddressError } from '../errors.ts'
import type { AddressPart } from './address-part.ts'
import { ADDRESS_PARTS, CIRCUIT } from './address-part.ts'

/** An address in a link is preceded by one byte of length. */
const MAX_ADDRESS_BYTES = 255

/** More components than any address that we could dial has. */
const MAX_ADDRESS_PARTS = 8

const byName = new Map(ADDRESS_PARTS.map((part) => [part.name, part]))
const byCode = new Map(ADDRESS_PARTS.map((part) => [part.code, part]))

/** @param before the component before it */
function mayStand(part: AddressPart, index: number, before: AddressPart | undefined): boolean {
  if (before?.place === 'end' || index >= MAX_ADDRESS_PARTS) return false
  return (part.place === 'host') === (index === 0)
}

/** Tells whether an address is that of a relay beyond which the peer is. */
export function isRelayed(address: string): boolean {
  return address.split('/').includes(CIRCUIT)
}

/**
 * Converts a multiaddr's text to a binary multiaddr, at most 255 bytes. Any usual spelling is taken.
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
  let before: AddressPart | undefined
  for (let index = 0; index < words.length; parts++) {
    const part = byName.get(words[index++] ?? '')
    if (part === undefined || !mayStand(part, parts, before)) throw new AddressError(text)
    before = part
    pushNumber(bytes, part.code)
    if (part.value === undefined) continue
    const value = part.value.toBytes(words[index++] ?? '')
    if (value === undefined) throw new AddressError(text)
    if (part.value.size === 0) pushNumber(bytes, value.length)
    bytes.push(...value)
  }
  if (bytes.length > MAX_ADDRESS_BYTES) throw new AddressError(text)
  return Uint8Array.from(bytes)
}

/**
 * Converts a binary multiaddr to its canonical text.
 * @returns undefined unless the bytes are exactly those that `addressToBytes` makes of that text
 */
export function addressToText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0 || bytes.length > MAX_ADDRESS_BYTES) return undefined
  let text = ''
  let offset = 0
  let before: AddressPart | undefined
  for (let parts = 0; offset < bytes.length; parts++) {
    const code = readNumber(bytes, offset)
    const part = code === undefined ? undefined : byCode.get(code)
    if (part === undefined || !mayStand(part, parts, before)) return undefined
    before = part
    offset += sizeOfNumber(part.code)
    text += `/${part.name}`
    if (part.value === undefined) continue
    const size = part.value.size || readNumber(bytes, offset)
    if (size === undefined) return undefined
    if (part.value.size === 0) offset += sizeOfNumber(size)
    if (offset + size > bytes.length) return undefined
    const value = part.value.toText(bytes.subarray(offset, offset + size))
    if (value === undefined) return undefined
    offset += size
    text += `/${value}`
  }
  return text
}

/** Unsigned varint of at most two bytes: enough for every number in an address. */
function pushNumber(bytes: number[], number: number): void {
  if (number < 0x80) bytes.push(number)
  else bytes.push((number & 0x7f) | 0x80, number >> 7)
}

function sizeOfNumber(number: number): number {
  return number < 0x80 ? 1 : 2
}

function readNumber(bytes: Uint8Array, offset: number): number | undefined {
  const low = bytes[offset]
  if (low === undefined || low < 0x80) return low
  const high = bytes[offset + 1]
  // A second byte of zero would be a longer spelling of a smaller number.
  if (high === undefined || high === 0 || high >= 0x80) return undefined
  return (low & 0x7f) | (high << 7)
}

import { base32 } from 'multiformats/bases/base32'
import { LinkError, LinkTooLongError } from '../errors.ts'
import { diagnose, linkFromBytes, linkToBytes, MAX_LINK_ADDRESSES } from './link-bytes.ts'
import type { LinkContent } from './link-content.ts'

export type { LinkContent } from './link-content.ts'

/** The longest link, in characters. Fits in the largest QR code at error correction L (2,953). */
export const MAX_LINK_CHARACTERS = 2_048
/** The longest text that is read as a link, in characters: leaves room for line breaks and quotes. */
const MAX_INPUT_CHARACTERS = 4 * MAX_LINK_CHARACTERS

const SCHEME = 'taleus:'
/** Multibase: base32 of RFC 4648 without padding. */
const MULTIBASE = 'b'
const BASE32_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const BASE32_CHARACTERS = /^[a-z2-7]*$/i
/** White space, and the invisible characters that mail and chat programs break long words with. */
const BLANKS = /[\s\u00ad\u200b-\u200d\u2060]+/g
/** The quotes and brackets that people and programs put round a link. */
const WRAPPERS =
  '"\'`<>()[]\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u300c\u300d'

/**
 * Writes the link for this content, in lower case. There is exactly one.
 * @throws RangeError, AddressError if the content can't be in a link; LinkTooLongError
 */
export function encodeLink(content: LinkContent): string {
  const link = writeLink(content)
  if (link.length > MAX_LINK_CHARACTERS) {
    throw new LinkTooLongError(link.length, MAX_LINK_CHARACTERS)
  }
  return link
}

/**
 * Reads a link. Takes either case, white space and line breaks inside, and quotes around it.
 * @throws LinkError, which never holds any part of the text
 */
export function decodeLink(text: string): LinkContent {
  if (text.length > MAX_INPUT_CHARACTERS) throw new LinkError('too_long')
  const link = unwrap(text.replace(BLANKS, ''))
  if (link === '') throw new LinkError('empty')
  if (link.slice(0, SCHEME.length).toLowerCase() !== SCHEME) throw new LinkError('not_a_link')
  if (link.length > MAX_LINK_CHARACTERS) throw new LinkError('too_long')
  const body = link.slice(SCHEME.length)
  if (body === '') throw new LinkError('truncated')
  if (!BASE32_CHARACTERS.test(body)) throw new LinkError('bad_character')
  const lower = body.toLowerCase()
  if (!lower.startsWith(MULTIBASE)) throw new LinkError('bad_character')
  return linkFromBytes(fromBase32(lower.slice(MULTIBASE.length)))
}

/** Returns the form for a QR code: the same link in upper case, which `decodeLink` takes as well. */
export function toQrText(link: string): string {
  return link.toUpperCase()
}

/** A link, and the addresses that had to be left out of it, in the order they were dropped. */
export interface FittedLink {
  readonly link: string
  readonly dropped: readonly string[]
}

/**
 * Writes the link with as many addresses as fit; drops them from the last (least useful) one on.
 * @throws LinkTooLongError if it does not fit with its first address alone
 */
export function fitLink(content: LinkContent, maxCharacters: number): FittedLink {
  const addresses = [...content.addresses]
  const dropped = addresses.splice(MAX_LINK_ADDRESSES).reverse()
  const most = Math.min(maxCharacters, MAX_LINK_CHARACTERS)
  for (;;) {
    const link = writeLink({ ...content, addresses })
    if (link.length <= most) return { link, dropped }
    if (addresses.length <= 1) throw new LinkTooLongError(link.length, most)
    dropped.push(...addresses.splice(-1))
  }
}

function writeLink(content: LinkContent): string {
  return SCHEME + MULTIBASE + base32.baseEncode(linkToBytes(content))
}

function unwrap(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && WRAPPERS.includes(text.charAt(start))) start++
  while (end > start && WRAPPERS.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

function fromBase32(text: string): Uint8Array {
  const bytes = tryBase32(text)
  if (bytes !== undefined) return bytes
  // Spare bits that are not zero: a second spelling of the same bytes, or a cut-off text.
  const cleared = tryBase32(withoutSpareBits(text))
  if (cleared === undefined) throw new LinkError('truncated')
  const problem = diagnose(cleared)
  // The checksum matches after all, so nothing was wrong but the spare bits, or more behind the end.
  throw new LinkError(problem === 'trailing_bytes' ? 'non_canonical' : problem)
}

function withoutSpareBits(text: string): string {
  const spare = (text.length * 5) % 8
  const last = BASE32_ALPHABET.indexOf(text.slice(-1))
  return text.slice(0, -1) + BASE32_ALPHABET.charAt((last >> spare) << spare)
}

function tryBase32(text: string): Uint8Array | undefined {
  try {
    return base32.baseDecode(text)
  } catch {
    return undefined
  }
}

import { base32 } from 'multiformats/bases/base32'
import { LinkError, type LinkProblem, LinkTooLongError } from '../errors.ts'
import { decodeLegacyLink, isLegacyLink } from './legacy-link.ts'
import { diagnose, linkFromBytes, linkToBytes, MAX_LINK_ADDRESSES } from './link-bytes.ts'
import type { LinkContent } from './link-content.ts'
import {
  isBlank,
  type LinkPlace,
  linkPlacesIn,
  MAX_LINK_CHARACTERS,
  SCHEME,
} from './link-in-text.ts'

export type { LinkContent } from './link-content.ts'
export { MAX_LINK_CHARACTERS } from './link-in-text.ts'

/** The longest text that is searched for a link, in characters: as long as a mail. */
const MAX_INPUT_CHARACTERS = 65_536

/** Multibase: base32 of RFC 4648 without padding. */
const MULTIBASE = 'b'
const BASE32_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** Problems of bytes whose checksum matches: they are the whole link. */
const PROBLEMS_OF_WHOLE: readonly LinkProblem[] = ['newer', 'version', 'address']

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
 * Reads the one link in a text, e.g. a mail. Takes either case, invisible characters, white space and line breaks
 * inside, and any text around it; the same link may be there more than once. A text that is a JSON object is an older
 * peer's link.
 * @throws LinkError, which never holds any part of the text
 */
export function decodeLink(text: string): LinkContent {
  if (text.length > MAX_INPUT_CHARACTERS) throw new LinkError('too_long')
  if (isLegacyLink(text)) return decodeLegacyLink(text)
  const whole = new Map<string, LinkContent>()
  const damaged = new Map<string, LinkError>()
  for (const place of linkPlacesIn(text)) {
    const { body, read } = readPlace(place)
    if (read instanceof LinkError) damaged.set(place.start.toLowerCase(), read)
    else whole.set(body, read)
  }
  const others = [...damaged.keys()].filter((start) => isOther(start, [...whole.keys()]))
  const count = whole.size + others.length
  if (count > 1) throw new LinkError('several', count)
  const [content] = whole.values()
  if (content !== undefined) return content
  const [error] = damaged.values()
  throw (
    damaged.get(others[0] ?? '') ?? error ?? new LinkError(isBlank(text) ? 'empty' : 'not_a_link')
  )
}

/** A mention of the name is no other link, nor is the beginning of a link that is there in full. */
function isOther(start: string, bodies: readonly string[]): boolean {
  return start.startsWith(MULTIBASE) && !bodies.some((body) => body.startsWith(start))
}

interface ReadPlace {
  readonly body: string
  readonly read: LinkContent | LinkError
}

function readPlace({ bodies, problem }: LinkPlace): ReadPlace {
  let last: ReadPlace = { body: '', read: new LinkError('truncated') }
  for (const text of bodies) {
    const body = text.toLowerCase()
    last = { body, read: readBody(body) }
    if (!(last.read instanceof LinkError) || PROBLEMS_OF_WHOLE.includes(last.read.problem))
      return last
  }
  return problem === undefined ? last : { body: '', read: new LinkError(problem) }
}

function readBody(body: string): LinkContent | LinkError {
  try {
    if (body === '') return new LinkError('truncated')
    if (!body.startsWith(MULTIBASE)) return new LinkError('bad_character')
    return linkFromBytes(fromBase32(body.slice(MULTIBASE.length)))
  } catch (error) {
    if (error instanceof LinkError) return error
    throw error
  }
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

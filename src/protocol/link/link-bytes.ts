import { sha256 } from '../base/digest.ts'
import { PUBLIC_KEY_BYTES } from '../base/peer-id-text.ts'
import { LinkError } from '../errors.ts'
import { addressToBytes, addressToText, isRelayed } from './link-address.ts'
import { type LinkContent, MAX_EXPIRY_SECONDS } from './link-content.ts'
import { nodeAddressToBytes, nodeAddressToText } from './node-address.ts'
import { SECRET_BYTES } from './secret.ts'

/** The version of a link whose addresses are all direct ones. */
const DIRECT_VERSION = 1
/** The version of a link with an address beyond a relay, which who knows version 1 only can't read. */
const RELAY_VERSION = 2
/**
 * The version of a link at whose addresses nodes of the inviter's may answer, whose certificates who knows version 2 only can't
 * read. Also the highest that this code reads.
 */
const NODES_VERSION = 3
/** More addresses than one node has a use for; a link must stay short. */
export const MAX_LINK_ADDRESSES = 16

const CHECKSUM_BYTES = 4
const SECRET_AT = 1
const EXPIRY_AT = SECRET_AT + SECRET_BYTES
const PUBLIC_KEY_AT = EXPIRY_AT + 4
const COUNT_AT = PUBLIC_KEY_AT + PUBLIC_KEY_BYTES

/**
 * Writes the bytes inside a link: version and role, secret, expiry, public key, addresses, checksum.
 * @throws RangeError for a field of the wrong size, AddressError for an address that can't be packed
 */
export function linkToBytes(content: LinkContent): Uint8Array {
  checkSizes(content)
  const addresses = content.addresses.map(content.nodes ? nodeAddressToBytes : addressToBytes)
  const size = addresses.reduce((sum, address) => sum + 1 + address.length, COUNT_AT + 1)
  const bytes = new Uint8Array(size + CHECKSUM_BYTES)
  bytes[0] = (versionOf(content) << 1) | (content.role === 'foil' ? 1 : 0)
  bytes.set(content.secret, SECRET_AT)
  new DataView(bytes.buffer).setUint32(EXPIRY_AT, content.expiresAt)
  bytes.set(content.publicKey, PUBLIC_KEY_AT)
  bytes[COUNT_AT] = addresses.length
  let offset = COUNT_AT + 1
  for (const address of addresses) {
    bytes[offset] = address.length
    bytes.set(address, offset + 1)
    offset += 1 + address.length
  }
  bytes.set(checksum(bytes.subarray(0, size)), size)
  return bytes
}

/** A link stays readable to those who know no more than what is in it. */
function versionOf({ addresses, nodes }: Pick<LinkContent, 'addresses' | 'nodes'>): number {
  if (nodes) return NODES_VERSION
  return addresses.some(isRelayed) ? RELAY_VERSION : DIRECT_VERSION
}

function checkSizes(content: LinkContent): void {
  const { secret, publicKey, expiresAt, addresses } = content
  if (secret.length !== SECRET_BYTES) throw new RangeError('a secret has 16 bytes')
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError('a public key has 32 bytes')
  if (!Number.isInteger(expiresAt) || expiresAt < 0 || expiresAt > MAX_EXPIRY_SECONDS) {
    throw new RangeError('an expiry is a whole number of seconds below 2^32')
  }
  if (addresses.length > MAX_LINK_ADDRESSES) {
    throw new RangeError(`a link holds at most ${MAX_LINK_ADDRESSES} addresses`)
  }
}

/**
 * Reads the bytes that `linkToBytes` wrote, and no others.
 * @throws LinkError
 */
export function linkFromBytes(bytes: Uint8Array): LinkContent {
  const end = bytes.length - CHECKSUM_BYTES
  if (end <= COUNT_AT) throw new LinkError('truncated')
  if (!endsWithChecksum(bytes, end)) throw new LinkError(diagnose(bytes))
  const version = (bytes[0] ?? 0) >> 1
  if (version > NODES_VERSION) throw new LinkError('newer')
  if (version < DIRECT_VERSION) throw new LinkError('version')
  const nodes = version === NODES_VERSION ? { nodes: true as const } : {}
  const addresses = readAddresses(bytes, end, nodes.nodes ? nodeAddressToText : addressToText)
  if (version !== versionOf({ addresses, ...nodes })) throw new LinkError('version')
  return {
    role: (bytes[0] ?? 0) & 1 ? 'foil' : 'stock',
    secret: bytes.slice(SECRET_AT, EXPIRY_AT),
    expiresAt: new DataView(bytes.buffer, bytes.byteOffset).getUint32(EXPIRY_AT),
    publicKey: bytes.slice(PUBLIC_KEY_AT, COUNT_AT),
    addresses,
    ...nodes,
  }
}

type ToText = (bytes: Uint8Array) => string | undefined

function readAddresses(bytes: Uint8Array, end: number, toText: ToText): readonly string[] {
  const count = bytes[COUNT_AT] ?? 0
  if (count > MAX_LINK_ADDRESSES) throw new LinkError('address')
  const last = endOfAddresses(bytes)
  if (last > end) throw new LinkError('truncated')
  if (last < end) throw new LinkError('trailing_bytes')
  const addresses: string[] = []
  for (let offset = COUNT_AT + 1; addresses.length < count; ) {
    const next = offset + 1 + (bytes[offset] ?? 0)
    addresses.push(readAddress(bytes.subarray(offset + 1, next), toText))
    offset = next
  }
  return addresses
}

function readAddress(bytes: Uint8Array, toText: ToText): string {
  const text = toText(bytes)
  if (text === undefined) throw new LinkError('address')
  return text
}

/** The end of the addresses, by their count and lengths; it may lie behind the end of the bytes. */
function endOfAddresses(bytes: Uint8Array): number {
  let offset = COUNT_AT + 1
  for (let left = bytes[COUNT_AT] ?? 0; left > 0; left--) offset += 1 + (bytes[offset] ?? 0)
  return offset
}

/** Finds out why the checksum does not match, as far as the lengths inside tell. */
export function diagnose(bytes: Uint8Array): 'truncated' | 'trailing_bytes' | 'mistyped' {
  const end = endOfAddresses(bytes)
  if (end + CHECKSUM_BYTES > bytes.length) return 'truncated'
  return endsWithChecksum(bytes, end) ? 'trailing_bytes' : 'mistyped'
}

function checksum(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, CHECKSUM_BYTES)
}

function endsWithChecksum(bytes: Uint8Array, end: number): boolean {
  return checksum(bytes.subarray(0, end)).every((byte, index) => byte === bytes[end + index])
}

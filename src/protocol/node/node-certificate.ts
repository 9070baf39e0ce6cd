import { PUBLIC_KEY_BYTES, peerIdOfPublicKey, publicKeyOfPeerId } from '../base/peer-id-text.ts'
import { NodeCertificateError } from './errors.ts'

const DOMAIN = 'taleus node certificate 1'
/** Stands before a certificate as text. */
const PREFIX = 'taleus-node:'
/** The version of the bytes that is written and read. */
const VERSION = 1
const NODE_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/
/** Characters of a node's name: as in one label of a host name, or shorter. */
const MAX_NODE_NAME = 32
/** Seconds, and serial numbers, have four bytes. */
const MAX_NUMBER = 4_294_967_295
const SIGNATURE_BYTES = 64
const NODE_AT = 1 + PUBLIC_KEY_BYTES
const SERIAL_AT = NODE_AT + PUBLIC_KEY_BYTES
const NAME_AT = SERIAL_AT + 12 + 1
/** Bytes of the longest certificate. */
export const MAX_CERTIFICATE_BYTES = NAME_AT + MAX_NODE_NAME + SIGNATURE_BYTES
/** Characters of a certificate as text, with what an editor may add around it. */
const MAX_CERTIFICATE_CHARACTERS = 512
/**
 * The longest time from the begin to the end of a certificate, seconds: 14 days, and an hour for clocks that are behind. A longer one is refused by everybody, so
 * that no slip lets a node that was retired speak for its party for years.
 */
export const MAX_CERTIFICATE_SECONDS = 1_213_200

/** The content of a node certificate: for a while, this node speaks for this party. */
export interface NodeCertificateContent {
  /** Peer id of the party: its key has signed. */
  readonly party: string
  /** Peer id of the node, another one than the party's. */
  readonly node: string
  /** Lower-case letters, digits and hyphens; for people. */
  readonly name: string
  /** Goes up by one with each certificate of the party. */
  readonly serial: number
  /** Seconds since the epoch: good from then on. */
  readonly validFrom: number
  /** Seconds since the epoch: not good any more from then on. */
  readonly validUntil: number
}

/** A node certificate, and its bytes as they were signed. */
export interface NodeCertificate extends NodeCertificateContent {
  /** At most {@link MAX_CERTIFICATE_BYTES}. */
  readonly bytes: Uint8Array
}

/**
 * Makes a certificate.
 * @param sign Ed25519 with the party's key, 64 bytes
 * @throws NodeCertificateError if the content is out of bounds; PeerIdError
 */
export function signNodeCertificate(
  content: NodeCertificateContent,
  sign: (bytes: Uint8Array) => Uint8Array,
): NodeCertificate {
  checkContent(content)
  const body = bodyOf(content)
  const bytes = new Uint8Array(body.length + SIGNATURE_BYTES)
  bytes.set(body)
  bytes.set(sign(signedBytes(body)), body.length)
  return { ...content, bytes }
}

/**
 * Reads the bytes that `signNodeCertificate` wrote, and no others. Does not look at the signature.
 * @throws NodeCertificateError
 */
export function nodeCertificateFromBytes(bytes: Uint8Array): NodeCertificate {
  const size = NAME_AT + (bytes[NAME_AT - 1] ?? 0) + SIGNATURE_BYTES
  if (bytes[0] !== undefined && bytes[0] > VERSION) throw new NodeCertificateError('newer')
  if (bytes.length !== size || bytes[0] !== VERSION) throw new NodeCertificateError('malformed')
  const numbers = new DataView(bytes.buffer, bytes.byteOffset)
  const content = {
    party: peerIdOfPublicKey(bytes.subarray(1, NODE_AT)),
    node: peerIdOfPublicKey(bytes.subarray(NODE_AT, SERIAL_AT)),
    name: Buffer.from(bytes.subarray(NAME_AT, size - SIGNATURE_BYTES)).toString('latin1'),
    serial: numbers.getUint32(SERIAL_AT),
    validFrom: numbers.getUint32(SERIAL_AT + 4),
    validUntil: numbers.getUint32(SERIAL_AT + 8),
  }
  checkContent(content)
  return { ...content, bytes: Uint8Array.from(bytes) }
}

/** Writes a certificate as one line of text. */
export function nodeCertificateToText({ bytes }: NodeCertificate): string {
  return PREFIX + Buffer.from(bytes).toString('base64url')
}

/** Reads a certificate from text, with white space around it. @throws NodeCertificateError */
export function nodeCertificateFromText(text: string): NodeCertificate {
  const line = text.length > MAX_CERTIFICATE_CHARACTERS ? '' : text.trim()
  const body = line.startsWith(PREFIX) ? line.slice(PREFIX.length) : ''
  const bytes = Buffer.from(body, 'base64url')
  // base64url is read leniently: only the one spelling of these bytes is taken.
  if (bytes.toString('base64url') !== body) throw new NodeCertificateError('malformed')
  return nodeCertificateFromBytes(bytes)
}

/** The signature at the end, and what it stands under: a domain of its own, a zero byte, all bytes before it. */
export function signatureOf({ bytes }: NodeCertificate): {
  readonly signed: Uint8Array
  readonly signature: Uint8Array
} {
  const end = bytes.length - SIGNATURE_BYTES
  return { signed: signedBytes(bytes.subarray(0, end)), signature: bytes.subarray(end) }
}

function bodyOf(content: NodeCertificateContent): Uint8Array {
  const name = Buffer.from(content.name, 'latin1')
  const body = new Uint8Array(NAME_AT + name.length)
  body[0] = VERSION
  body.set(publicKeyOfPeerId(content.party), 1)
  body.set(publicKeyOfPeerId(content.node), NODE_AT)
  const numbers = new DataView(body.buffer)
  numbers.setUint32(SERIAL_AT, content.serial)
  numbers.setUint32(SERIAL_AT + 4, content.validFrom)
  numbers.setUint32(SERIAL_AT + 8, content.validUntil)
  body[NAME_AT - 1] = name.length
  body.set(name, NAME_AT)
  return body
}

function signedBytes(body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${DOMAIN}\0`), body])
}

function checkContent(content: NodeCertificateContent): void {
  const { party, node, name, serial, validFrom, validUntil } = content
  if (party === node) throw new NodeCertificateError('itself')
  if (name.length > MAX_NODE_NAME || !NODE_NAME.test(name)) throw new NodeCertificateError('name')
  const isNumber = (value: number) => Number.isInteger(value) && value >= 0 && value <= MAX_NUMBER
  if (![serial, validFrom, validUntil].every(isNumber)) throw new NodeCertificateError('number')
  const seconds = validUntil - validFrom
  if (seconds <= 0 || seconds > MAX_CERTIFICATE_SECONDS) throw new NodeCertificateError('time')
}

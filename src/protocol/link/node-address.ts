import { PUBLIC_KEY_BYTES, peerIdOfPublicKey, publicKeyOfPeerId } from '../base/peer-id-text.ts'
import { AddressError } from '../errors.ts'
import { addressToBytes, addressToText, isRelayed } from './link-address.ts'

/** Stands before a node's key in a binary multiaddr: `p2p`, the length of the id, the head of an Ed25519 peer id. */
const NAME_HEAD = Uint8Array.of(0xa5, 0x03, 0x26, 0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
const NAME_BYTES = NAME_HEAD.length + PUBLIC_KEY_BYTES
/** An address in a link is preceded by one byte of length. */
const MAX_ADDRESS_BYTES = 255
const NAMED = /^(.+)\/p2p\/([^/]+)$/

/** An address that may name the node at its end. */
export interface NodeAddress {
  /** Without the node's id. */
  readonly address: string
  /** Peer id of the node; a relay must be told whom to connect to. */
  readonly node: string | undefined
}

/** Splits an address into what is before the node's id, and the id. */
export function splitNodeAddress(text: string): NodeAddress {
  const [, address = text, node] = NAMED.exec(text) ?? []
  return { address, node }
}

/**
 * Converts an address, with the node's id at its end if it is one beyond a relay, to a binary multiaddr.
 * @throws AddressError
 */
export function nodeAddressToBytes(text: string): Uint8Array {
  const { address, node } = splitNodeAddress(text)
  const bytes = addressToBytes(address)
  if (node === undefined) return bytes
  if (!isRelayed(address) || bytes.length + NAME_BYTES > MAX_ADDRESS_BYTES) {
    throw new AddressError(text)
  }
  return Uint8Array.of(...bytes, ...NAME_HEAD, ...publicKeyOfPeerId(node))
}

/** Converts such a binary multiaddr to its canonical text; undefined if it is none. */
export function nodeAddressToText(bytes: Uint8Array): string | undefined {
  const at = bytes.length - NAME_BYTES
  if (at <= 0 || !NAME_HEAD.every((byte, index) => bytes[at + index] === byte)) {
    return addressToText(bytes)
  }
  const address = addressToText(bytes.subarray(0, at))
  if (address === undefined || !isRelayed(address)) return undefined
  return `${address}/p2p/${peerIdOfPublicKey(bytes.subarray(at + NAME_HEAD.length))}`
}

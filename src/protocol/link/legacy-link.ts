import { publicKeyOfPeerId } from '../base/peer-id-text.ts'
import type { Role } from '../base/role.ts'
import { AddressError, JsonError, LinkError, PeerIdError } from '../errors.ts'
import type { JsonValue } from '../json/json-value.ts'
import { type JsonObject, parseStrictJson } from '../json/strict-json.ts'
import { legacyTokenText, readLegacyToken } from './legacy-token.ts'
import { addressToBytes } from './link-address.ts'
import { MAX_LINK_ADDRESSES } from './link-bytes.ts'
import { type LinkContent, MAX_EXPIRY_SECONDS } from './link-content.ts'

// The link of older peers: a JSON object instead of a text that begins with taleus:.

/** Characters of the token in an older link. */
const MAX_TOKEN_CHARACTERS = 512
/** Fields that an older link may require. */
const MAX_REQUIRED = 32
/** Characters of the name of one. */
const MAX_REQUIRED_NAME = 64

const PEER_AT_END = /\/p2p\/([^/]+)$/
const RELAY_AT_END = /\/p2p\/[^/]+(?=\/p2p-circuit$)/

/** True of a text that is meant as an older link. */
export function isLegacyLink(text: string): boolean {
  return text.trimStart().startsWith('{')
}

/**
 * Reads an older link. Its addresses must say whose they are, all of them the same: nothing else in it names a key.
 * @throws LinkError, which holds nothing of the text
 */
export function decodeLegacyLink(text: string): LinkContent {
  const json = parse(text)
  const token = textOf(json['token'])
  if (token === '' || token.length > MAX_TOKEN_CHARACTERS) throw new LinkError('legacy')
  const told = listOf(json['responderPeerAddrs'])
  if (told.length === 0) throw new LinkError('address')
  const peer = peerOf(told)
  const addresses = told.flatMap(withoutPeers).slice(0, MAX_LINK_ADDRESSES)
  if (addresses.length === 0) throw new LinkError('address')
  return {
    role: roleOf(json['initiatorRole']),
    secret: readLegacyToken(token).secret,
    expiresAt: expiryOf(json['tokenExpiryUtc']),
    publicKey: keyOf(peer),
    addresses,
    legacy: { token, required: requiredOf(json['identityRequirements']) },
  }
}

/** Writes the older link of an invitation: one line of JSON. @param inviter peer id */
export function encodeLegacyLink(
  { role, secret, expiresAt, addresses }: LinkContent,
  inviter: string,
  required: readonly string[],
): string {
  return JSON.stringify({
    responderPeerAddrs: addresses.map((address) => `${address}/p2p/${inviter}`),
    token: legacyTokenText({ role, secret }),
    tokenExpiryUtc: new Date(expiresAt * 1_000).toISOString(),
    initiatorRole: role,
    ...(required.length === 0 ? {} : { identityRequirements: required }),
  })
}

/** Adds a peer id, known from elsewhere, to the addresses of an older link that name none. @throws LinkError */
export function pinLegacyLink(text: string, inviter: string): string {
  const json = parse(text)
  const responderPeerAddrs = listOf(json['responderPeerAddrs']).map((address) =>
    PEER_AT_END.test(address) ? address : `${address}/p2p/${inviter}`,
  )
  return JSON.stringify({ ...json, responderPeerAddrs })
}

function parse(text: string): JsonObject {
  const json = without(JsonError, () => parseStrictJson(Buffer.from(text.trim())))
  if (json === undefined) throw new LinkError('legacy')
  return json
}

/** Drops an error of one kind: it may quote the link. */
function without<Result>(
  kind: typeof JsonError | typeof PeerIdError | typeof AddressError,
  work: () => Result,
): Result | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof kind) return undefined
    throw error
  }
}

/** Finds the one peer that the addresses name. */
function peerOf(addresses: readonly string[]): string {
  const named = new Set(addresses.map((address) => PEER_AT_END.exec(address)?.[1]))
  const [peer, ...others] = named
  if (peer === undefined || named.has(undefined)) throw new LinkError('unpinned')
  if (others.length > 0) throw new LinkError('two_peers')
  return peer
}

function keyOf(peer: string): Uint8Array {
  const key = without(PeerIdError, () => publicKeyOfPeerId(peer))
  if (key === undefined) throw new LinkError('other_key')
  return key
}

/** An address as our links have it; none if it is of a kind that we can't dial. */
function withoutPeers(address: string): readonly string[] {
  const bare = address.replace(PEER_AT_END, '').replace(RELAY_AT_END, '')
  return without(AddressError, () => addressToBytes(bare)) === undefined ? [] : [bare]
}

function roleOf(value: JsonValue | undefined): Role {
  if (value !== 'stock' && value !== 'foil') throw new LinkError('legacy')
  return value
}

function expiryOf(value: JsonValue | undefined): number {
  const seconds = Math.floor(Date.parse(textOf(value)) / 1_000)
  // Not a number fails here too.
  if (!(seconds >= 0 && seconds <= MAX_EXPIRY_SECONDS)) throw new LinkError('legacy')
  return seconds
}

/** A list of fields; or an object, of which the names count. */
function requiredOf(value: JsonValue | undefined = []): readonly string[] {
  const names = isObject(value) ? Object.keys(value) : listOf(value)
  const fit = names.every((name) => name !== '' && name.length <= MAX_REQUIRED_NAME)
  if (!fit || names.length > MAX_REQUIRED) throw new LinkError('legacy')
  return names
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(value)) throw new LinkError('legacy')
  return value.map((each: JsonValue) => textOf(each))
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value !== 'string') throw new LinkError('legacy')
  return value
}

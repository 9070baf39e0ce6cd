import fc from 'fast-check'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import type { JsonValue } from '../../../src/protocol/json/json-value.ts'
import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import type { BuiltDatabase, Message } from '../../../src/protocol/message/messages.ts'
import { REFUSAL_CODES } from '../../../src/protocol/message/messages.ts'

const FORBIDDEN = ['__proto__', 'constructor', 'prototype']

export const role = fc.constantFrom('stock' as const, 'foil' as const)
export const secret = fc.uint8Array({ minLength: 16, maxLength: 16 })
export const publicKey = fc.uint8Array({ minLength: 32, maxLength: 32 })
export const peerId = publicKey.map(peerIdOfPublicKey)

const port = fc.nat(65_535)
const dnsName = fc.domain().map((name) => name.toLowerCase())
const host = fc.oneof(
  fc.ipV4().map((ip) => `/ip4/${ip}`),
  fc.ipV6().map((ip) => `/ip6/${ip}`),
  dnsName.map((name) => `/dns/${name}`),
  dnsName.map((name) => `/dns4/${name}`),
)
const route = fc.oneof(
  port.map((number) => `/tcp/${number}`),
  port.map((number) => `/tcp/${number}/ws`),
  port.map((number) => `/tcp/${number}/tls/ws`),
  port.map((number) => `/udp/${number}/quic-v1`),
)

/** Short enough that sixteen of them fit in a link. */
const address = fc
  .tuple(host, route)
  .map(([first, second]) => first + second)
  .filter((text) => text.length <= 64)

/** The same, and those of relays. */
export const linkAddress = fc.oneof(
  { weight: 3, arbitrary: address },
  { weight: 1, arbitrary: address.map((text) => `${text}/p2p-circuit`) },
)

export const linkContent: fc.Arbitrary<LinkContent> = fc.record({
  role,
  secret,
  expiresAt: fc.integer({ min: 0, max: 0xffff_ffff }),
  publicKey,
  addresses: fc.array(linkAddress, { maxLength: 16 }),
})

const memberName = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((name) => !FORBIDDEN.includes(name))

export const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(memberName, tie('value'), { maxKeys: 4 }),
  ),
})).value

const fieldName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((name) => !FORBIDDEN.includes(name) && !/[\u0000-\u001f\u007f-\u009f]/.test(name))
export const identity = fc.dictionary(fieldName, fc.string({ maxLength: 40 }), { maxKeys: 6 })
export const cadre = fc.array(
  fc.tuple(address, peerId).map(([text, peer]) => `${text}/p2p/${peer}`),
  { maxLength: 3 },
)

const id = fc.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/)
const word = fc.stringMatching(/^[!-~]{1,60}$/)
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/)
const reason = fc.string({ unit: 'grapheme', maxLength: 60 })
const code = fc.constantFrom(...REFUSAL_CODES)
const secretText = secret.map(secretToText)
const fields = fc.array(fieldName, { maxLength: 6 })
const delayMs = fc.nat(2_147_483_647)
const timeMs = fc.integer({ min: 0, max: 8_640_000_000_000_000 })

const built: fc.Arbitrary<BuiltDatabase> = fc.record({
  tally: fc.record({ tallyId: word, createdBy: role }),
  database: fc.record({ engine: word, endpoint: word, credentialsRef: word }),
  draft: fc.record({ text: fc.string({ unit: 'binary', maxLength: 200 }), sha256 }),
})

const size = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const seen = fc.array(size, { maxLength: 4 })
const proofs = fc.array(fc.record({ from: size, hashes: fc.array(sha256, { maxLength: 54 }) }), {
  maxLength: 4,
})

/** Every message, with each optional field there or not. */
export const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record(
    { type: fc.constant('Inspect' as const), secret: secretText, seen },
    { requiredKeys: ['type', 'secret'] },
  ),
  fc.record(
    { type: fc.constant('Checkpoint' as const), note: fc.string({ maxLength: 400 }), proofs, seen },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    {
      type: fc.constant('Offer' as const),
      role,
      name: reason,
      terms: jsonValue,
      required: fields,
      optional: fields,
      expiresAt: fc.integer({ min: 0, max: 0xffff_ffff }),
      byHand: fc.constant(true as const),
    },
    { requiredKeys: ['type', 'role', 'terms', 'required', 'optional', 'expiresAt'] },
  ),
  fc.record(
    {
      type: fc.constant('InboundContact' as const),
      bootstrapId: id,
      secret: secretText,
      partyId: peerId,
      role,
      identity,
      cadre,
      another: fc.constant(true as const),
      waits: fc.constant(true as const),
      seen,
    },
    { requiredKeys: ['type', 'bootstrapId', 'secret', 'partyId', 'role', 'identity', 'cadre'] },
  ),
  fc
    .record({
      type: fc.constant('ProvisioningResult' as const),
      approved: fc.constant(true as const),
      sessionId: id,
      redemptionId: id,
      role,
      partyId: peerId,
      identity,
      cadre,
      terms: jsonValue,
      tallyId: word,
      approvedAt: timeMs,
    })
    .chain((yes) =>
      fc.oneof(
        fc.constant(yes),
        built.map((result) => ({ ...yes, built: result })),
        delayMs.map((buildWithinMs) => ({ ...yes, buildWithinMs })),
      ),
    ),
  fc.record(
    {
      type: fc.constant('ProvisioningResult' as const),
      approved: fc.constant(false as const),
      code,
      reason,
      retryAfterMs: delayMs,
      pendingUntil: timeMs,
      fields,
    },
    { requiredKeys: ['type', 'approved', 'code', 'reason'] },
  ),
  fc.record({ type: fc.constant('DatabaseResult' as const), redemptionId: id, built }),
  fc.record({
    type: fc.constant('Acknowledgment' as const),
    redemptionId: id,
    responseHash: sha256,
  }),
  fc.record(
    {
      type: fc.constant('Receipt' as const),
      redemptionId: id,
      tallyId: word,
      outcome: fc.constantFrom('confirmed' as const, 'refused' as const),
      code,
      reason,
    },
    { requiredKeys: ['type', 'redemptionId', 'tallyId', 'outcome'] },
  ),
  fc.record(
    { type: fc.constant('Decline' as const), secret: secretText, reason },
    { requiredKeys: ['type', 'secret'] },
  ),
)

/** Cuts bytes into pieces: the numbers say how long each is, the last takes the rest. */
export function chunksOf(bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  let offset = 0
  for (const size of sizes) {
    if (offset >= bytes.length) break
    chunks.push(bytes.subarray(offset, offset + size))
    offset += size
  }
  chunks.push(bytes.subarray(Math.min(offset, bytes.length)))
  return chunks
}

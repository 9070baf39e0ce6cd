import * as z from 'zod'
import type { Role } from '../base/role.ts'
import { JsonError, MessageError } from '../errors.ts'
import type { JsonValue } from '../json/json-value.ts'
import { parseStrictJson } from '../json/strict-json.ts'
import { role, tallyId, word } from '../message/message-field-schemas.ts'
import {
  MAX_CREDENTIALS_REF,
  MAX_DATABASE_ENDPOINT,
  MAX_FIELD_VALUE,
  MAX_REASON,
} from '../message/message-limits.ts'

// The messages of `/taleus/bootstrap/1.0.0`: one JSON object in each direction, ended by half-close.

/** Characters of a token of an older peer: its form is its maker's affair. */
const MAX_LEGACY_TOKEN = 512

/** Addresses that are looked at in one message of an older peer; those that we can't use are left out. */
const MAX_LEGACY_ADDRESSES = 64

/** Invitee → inviter, on the first stream. */
export interface LegacyContact {
  readonly token: string
  /** A name of the peer's own choice: who it is, its connection says. */
  readonly partyId: string
  readonly identityBundle: Readonly<Record<string, JsonValue>>
  readonly cadrePeerAddrs: readonly string[]
}

/** Tells where a database is, without the credential. */
export interface LegacyDatabase {
  readonly tally: { readonly tallyId: string; readonly createdBy: Role }
  readonly dbConnectionInfo: { readonly endpoint: string; readonly credentialsRef: string }
}

/** Inviter → invitee. Approved and without `provisionResult`: the invitee builds. */
export interface LegacyResponse {
  readonly approved: boolean
  readonly reason?: string
  readonly partyId?: string
  readonly cadrePeerAddrs?: readonly string[]
  readonly provisionResult?: LegacyDatabase
}

const json = z.custom<JsonValue>((value) => value !== undefined)
const label = z.string().max(MAX_FIELD_VALUE)
const addresses = z.array(z.string()).max(MAX_LEGACY_ADDRESSES)

const contact: z.ZodType<LegacyContact> = z.object({
  token: z.string().min(1).max(MAX_LEGACY_TOKEN),
  partyId: label,
  identityBundle: z.record(z.string(), json),
  cadrePeerAddrs: addresses,
})

const database: z.ZodType<LegacyDatabase> = z.object({
  tally: z.object({ tallyId, createdBy: role }),
  dbConnectionInfo: z.object({
    endpoint: word(MAX_DATABASE_ENDPOINT),
    credentialsRef: word(MAX_CREDENTIALS_REF),
  }),
})

const response: z.ZodType<LegacyResponse> = z.object({
  approved: z.boolean(),
  reason: z.string().max(MAX_REASON).exactOptional(),
  partyId: label.exactOptional(),
  cadrePeerAddrs: addresses.exactOptional(),
  provisionResult: database.exactOptional(),
})

/** A message of an older invitee: which of its two it is, its members tell. */
export type LegacyInviteeMessage =
  | { readonly kind: 'contact'; readonly contact: LegacyContact }
  | { readonly kind: 'database'; readonly database: LegacyDatabase }

/** Reads what an older invitee sent on one stream. @throws MessageError, which holds nothing of what was sent */
export function parseLegacyInvitee(bytes: Uint8Array): LegacyInviteeMessage {
  const object = parseObject(bytes)
  return Object.hasOwn(object, 'tally')
    ? { kind: 'database', database: checked(database, object) }
    : { kind: 'contact', contact: checked(contact, object) }
}

/** Reads an older inviter's answer. @throws MessageError */
export function parseLegacyResponse(bytes: Uint8Array): LegacyResponse {
  return checked(response, parseObject(bytes))
}

/** Writes a message as the one object of its direction. */
export function encodeLegacy(message: LegacyContact | LegacyResponse | LegacyDatabase): Uint8Array {
  return Buffer.from(JSON.stringify(message))
}

function parseObject(bytes: Uint8Array): object {
  try {
    return parseStrictJson(bytes)
  } catch (error) {
    if (error instanceof JsonError)
      throw new MessageError('', { json: error.problem, cause: error })
    throw error
  }
}

function checked<Result>(schema: z.ZodType<Result>, object: object): Result {
  const result = schema.safeParse(object)
  if (result.success) return result.data
  // The first name is always one of ours; those below it may be the sender's.
  throw new MessageError(String(result.error.issues[0]?.path[0] ?? ''))
}

import type * as z from 'zod'
import { JsonError, MessageError, MessageTooLargeError } from '../errors.ts'
import { MAX_FRAME_BYTES } from '../frame/frame-limits.ts'
import type { MessageExtent } from '../json/message-extent.ts'
import type { JsonObject } from '../json/strict-json.ts'
import { checkStrictJson, parseStrictJson } from '../json/strict-json.ts'
import { MESSAGE_SCHEMAS, PROVISIONING_SCHEMAS } from './message-schemas.ts'
import type { Message } from './messages.ts'

const encoder = new TextEncoder()

/** Fields whose member names the sender chooses: never repeated in an error. */
const OPAQUE_FIELDS: ReadonlySet<PropertyKey> = new Set(['identity', 'terms'])

/**
 * Writes a message as a frame's payload. Refuses a message that `decodeMessage` on the other side would refuse.
 * @throws MessageError if a field is out of bounds, MessageTooLargeError beyond 64 KiB
 */
export function encodeMessage(message: Message): Uint8Array {
  const text = JSON.stringify(message)
  const payload = encoder.encode(text)
  if (payload.length > MAX_FRAME_BYTES) throw new MessageTooLargeError(payload.length)
  orMessageError(() => checkStrictJson(message, text))
  // Quicker than decoding the payload; but a member that is undefined fails here, and is not in the payload at all.
  if (!schemaFor(message).safeParse(message).success) decodeMessage(payload)
  return payload
}

/**
 * Reads the message in a frame's payload. Drops fields that are not known here, unless the message
 * says in `critical` that it can't be understood without them.
 * @param extent gets depth and number of addresses, if they are the largest so far
 * @throws MessageError
 */
export function decodeMessage(payload: Uint8Array, extent?: MessageExtent): Message {
  const json = orMessageError(() => parseStrictJson(payload, extent))
  refuseExtensions(json)
  const result = schemaFor(json).safeParse(json)
  if (!result.success) throw new MessageError(pathOf(result.error))
  if (extent !== undefined && 'cadre' in result.data)
    extent.addresses = Math.max(extent.addresses, result.data.cadre.length)
  return result.data
}

/** The members by which a message's schema is chosen. */
interface Outline {
  readonly type?: unknown
  readonly approved?: unknown
}

function orMessageError<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof JsonError)
      throw new MessageError('', { json: error.problem, cause: error })
    throw error
  }
}

/** No extension is known here, so only an empty list can be satisfied. */
function refuseExtensions(json: JsonObject): void {
  const critical = json['critical']
  const met = critical === undefined || (Array.isArray(critical) && critical.length === 0)
  if (!met) throw new MessageError('critical')
}

function schemaFor({ type, approved }: Outline): z.ZodType<Message> {
  if (type === 'ProvisioningResult') {
    if (typeof approved !== 'boolean') throw new MessageError('approved')
    return approved ? PROVISIONING_SCHEMAS.approval : PROVISIONING_SCHEMAS.refusal
  }
  if (!isMessageType(type)) throw new MessageError('type')
  return MESSAGE_SCHEMAS[type]
}

function isMessageType(type: unknown): type is keyof typeof MESSAGE_SCHEMAS {
  return typeof type === 'string' && Object.hasOwn(MESSAGE_SCHEMAS, type)
}

function pathOf(error: z.ZodError): string {
  const path = error.issues[0]?.path ?? []
  const opaque = path.findIndex((name) => OPAQUE_FIELDS.has(name))
  return path.slice(0, opaque < 0 ? path.length : opaque + 1).join('.')
}

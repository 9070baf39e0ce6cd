import { AUDIT_RECORD_VERSION, AUDIT_SEVERITIES, AUDIT_TYPES } from '../record/record.ts'
import { PlainJson } from './plain-json.ts'

const TYPES: ReadonlySet<string | undefined> = new Set(AUDIT_TYPES)
const SEVERITIES: ReadonlySet<string | undefined> = new Set(AUDIT_SEVERITIES)

const END = `,"v":${AUDIT_RECORD_VERSION}}`

/** The fields of a record that its row must agree with. */
export interface RecordKeys {
  readonly seq: number
  readonly sessionId?: string | undefined
  readonly tokenId?: string | undefined
  readonly peerId?: string | undefined
}

/**
 * Reads the keys of a record without parsing it, if it is so plain that all that `parseRecord` checks holds for sure.
 * @returns undefined for any other record: it has to be parsed
 */
export function scanRecord(text: string): RecordKeys | undefined {
  const json = new PlainJson(text)
  const begins =
    json.isPlain &&
    json.literal('{"at":') &&
    isWhole(json.number()) &&
    json.literal(',"data":') &&
    json.object() &&
    json.literal(',"monotonic":') &&
    json.number() !== undefined
  if (!begins) return undefined
  const peerId = optional(json, ',"peerId":')
  optional(json, ',"redemptionId":')
  const seq = json.literal(',"seq":') ? json.number() : undefined
  if (!isWhole(seq)) return undefined
  const sessionId = optional(json, ',"sessionId":')
  if (!(json.literal(',"severity":') && SEVERITIES.has(json.string()))) return undefined
  const tokenId = optional(json, ',"tokenId":')
  const ends =
    json.literal(',"type":') && TYPES.has(json.string()) && json.literal(END) && json.isAtEnd
  return ends ? { seq, sessionId, tokenId, peerId } : undefined
}

/** Reads a field that may be left out. If it is there and no string, all that comes after it fails too. */
function optional(json: PlainJson, name: string): string | undefined {
  return json.literal(name) ? json.string() : undefined
}

function isWhole(number: number | undefined): number is number {
  return Number.isSafeInteger(number)
}

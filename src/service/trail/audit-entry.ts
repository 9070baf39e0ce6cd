import { parseRecord } from '../../audit/record/parse-record.ts'
import { AUDIT_SEVERITIES, AUDIT_TYPES, type AuditRecord } from '../../audit/record/record.ts'
import type { AuditRow } from '../../store/audit/audit-records.ts'

/** An audit record to show. */
export type AuditEntry = AuditRecord

/** The subjects of a record. */
export const AUDIT_KINDS = AUDIT_TYPES

/** How grave it can be, gravest last. */
export const AUDIT_LEVELS = AUDIT_SEVERITIES

/** @throws AuditRecordInvalidError if the row was not written by us */
export function auditEntry(row: Pick<AuditRow, 'text'>): AuditEntry {
  return parseRecord(row.text)
}

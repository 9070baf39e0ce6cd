import { parseRecord } from '../../audit/parse-record.ts'
import type { AuditRecord } from '../../audit/record.ts'
import type { AuditRow } from '../../store/audit-log.ts'

/** An audit record to show. */
export type AuditEntry = AuditRecord

/** @throws AuditRecordInvalidError if the row was not written by us */
export function auditEntry(row: AuditRow): AuditEntry {
  return parseRecord(row.text)
}

import type { JsonValue } from '../../protocol/json/json-value.ts'

/** The subjects of records. */
export const AUDIT_TYPES = [
  'state',
  'token',
  'identity',
  'database',
  'error',
  'security',
  'operator',
  'lifecycle',
] as const

export type AuditType = (typeof AUDIT_TYPES)[number]

/** How urgent a record is to its reader, least urgent first. */
export const AUDIT_SEVERITIES = ['info', 'notice', 'warning', 'alarm'] as const

export type AuditSeverity = (typeof AUDIT_SEVERITIES)[number]

/**
 * A record before it has its place in the log. Free of secrets and of personal data: hashes or field names instead. An
 * id that does not apply is left out, never `null` or empty.
 */
export interface AuditDraft {
  readonly type: AuditType
  readonly severity: AuditSeverity
  /** Wall clock, whole milliseconds since the epoch. */
  readonly at: number
  /** Monotonic clock, milliseconds since a start of the process's own choosing. Only differences mean something. */
  readonly monotonic: number
  readonly sessionId?: string
  readonly redemptionId?: string
  readonly tokenId?: string
  readonly peerId?: string
  readonly data: Readonly<Record<string, JsonValue>>
}

/** The version of the record format that is written, part of the hashed bytes. */
export const AUDIT_RECORD_VERSION = 2

/** Every version that is read. In version 1 `monotonic` was called `mono`; old records keep their bytes. */
export type AuditRecordVersion = 1 | typeof AUDIT_RECORD_VERSION

/** A draft in its place in the log. Published as docs/schemas/audit-record.schema.json. */
export interface AuditRecord extends AuditDraft {
  readonly v: AuditRecordVersion
  /** 1 for the first record of a log, then one more each. */
  readonly seq: number
}

/** A record can't be written down as asked. A defect of the caller; nothing was stored. */
export class AuditRecordInvalidError extends Error {
  override readonly name = 'AuditRecordInvalidError'
  readonly code = 'audit_record_invalid'
  /** The field that is wrong. Its value is not repeated. */
  readonly field: string

  constructor(field: string, options?: ErrorOptions) {
    super(`the audit record's ${field} can't be written down`, options)
    this.field = field
  }
}

/** A record can't be written down, or a text is no record. Nothing was stored. */
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

/**
 * - `malformed`: not a signed note, or not one of the kind that was expected
 * - `foreign`: no signature on it is by the expected key, or it is about another log
 * - `bad_signature`: it was changed after it was signed
 */
export type NoteProblem = 'malformed' | 'foreign' | 'bad_signature'

const SENTENCES: Readonly<Record<NoteProblem, string>> = {
  malformed: 'that is no signed checkpoint',
  foreign: 'that checkpoint is of another log, or signed by another key',
  bad_signature: 'the checkpoint’s signature is wrong: it was changed after it was signed',
}

/** A text is not a note that the expected party signed: it can't be read, or it does not verify. */
export class NoteInvalidError extends Error {
  override readonly name = 'NoteInvalidError'
  readonly code: 'checkpoint_malformed' | 'checkpoint_invalid'
  readonly problem: NoteProblem

  constructor(problem: NoteProblem) {
    super(SENTENCES[problem])
    this.problem = problem
    this.code = problem === 'malformed' ? 'checkpoint_malformed' : 'checkpoint_invalid'
  }
}

import type { CauseCode } from './causes.ts'

/** What is known beyond the cause. All of it may be shown. */
export interface FailureDetails {
  /** Added behind the sentence, e.g. the reason that the other side gave. */
  readonly detail?: string
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number
  /** Names of the disclosure fields that are missing. */
  readonly fields?: readonly string[]
  readonly cause?: unknown
}

/** A result that is a failure to the user: a refusal, an interruption. Its code is in the table of causes. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: CauseCode
  readonly detail: string | undefined
  readonly retryAfterMs: number | undefined
  readonly fields: readonly string[] | undefined

  constructor(code: CauseCode, details: FailureDetails = {}) {
    super(details.detail ?? code, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.detail = details.detail
    this.retryAfterMs = details.retryAfterMs
    this.fields = details.fields
  }
}

import { compact } from '../../protocol/base/compact.ts'
import type { ErrorCode } from './error-codes.ts'

/** Details beyond the error code. All of them may be shown. */
export interface CommandFailureDetails {
  /** Added behind the sentence, e.g. the reason that the other side gave. */
  readonly detail?: string
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number
  /** `pending`: until when the place is kept, ms since the epoch. */
  readonly pendingUntil?: number
  /** Names of the disclosure fields that are missing. */
  readonly fields?: readonly string[]
  /** The next step, where it is another one than that of the code. */
  readonly advice?: string
  /** Names of the fields that the inviter was told; left out if nobody was asked. */
  readonly disclosed?: readonly string[]
  /** An earlier command with the same link may have disclosed more. */
  readonly wasBegun?: boolean
  /** The side that has found it out, where both can. */
  readonly foundBy?: 'inviter' | 'invitee'
  /** Each address that was tried, and why nobody was met there. */
  readonly attempts?: readonly { readonly address: string; readonly problem: string }[]
  /** Printed beside the error under `--json`. */
  readonly document?: object
  readonly cause?: unknown
}

/** A result that is a failure to the user: a refusal, an interruption. Its code says what kind, see error-codes.ts. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly code: ErrorCode
  readonly detail: string | undefined
  readonly retryAfterMs: number | undefined
  readonly pendingUntil: number | undefined
  readonly fields: readonly string[] | undefined
  readonly advice: string | undefined
  readonly disclosed: readonly string[] | undefined
  readonly wasBegun: boolean | undefined
  readonly foundBy: 'inviter' | 'invitee' | undefined
  readonly attempts: CommandFailureDetails['attempts'] | undefined
  readonly document: object | undefined

  constructor(code: ErrorCode, details: CommandFailureDetails = {}) {
    super(details.detail ?? code, compact({ cause: details.cause }))
    this.code = code
    this.detail = details.detail
    this.retryAfterMs = details.retryAfterMs
    this.pendingUntil = details.pendingUntil
    this.fields = details.fields
    this.advice = details.advice
    this.disclosed = details.disclosed
    this.wasBegun = details.wasBegun
    this.foundBy = details.foundBy
    this.attempts = details.attempts
    this.document = details.document
  }
}

/** The command was not used as intended: a flag, an argument or a file that can't be meant so. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'usage'
}

/** A file that the user named could not be written. */
export class OutputFileError extends Error {
  override readonly name = 'OutputFileError'
  readonly code = 'output_file'
  readonly path: string

  constructor(path: string, { cause }: { readonly cause: unknown }) {
    super(`can't write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
    this.path = path
  }
}

/** The file that was named for the answer is there already, and it was not said that it may go. */
export class FileExistsError extends Error {
  override readonly name = 'FileExistsError'
  readonly code = 'file_exists'
  readonly path: string

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} exists already`, options)
    this.path = path
  }
}

/** No command has this name (`unknown_command`), or a command got words that it does not take (`usage`). */
export class UnknownCommandError extends Error {
  override readonly name = 'UnknownCommandError'
  readonly code: 'unknown_command' | 'usage'

  constructor(code: 'unknown_command' | 'usage', message: string) {
    super(message)
    this.code = code
  }
}

/** A setting's name or value that can't be. */
export class SettingValueError extends Error {
  override readonly name = 'SettingValueError'
  readonly code = 'setting_value'
}

export interface SettingsFileDetails extends ErrorOptions {
  readonly path: string
  /** A shell command that mends it, if there is one. */
  readonly fix?: string
}

/** The settings file is damaged, holds what can't be, or can't be read or written. It is left as it is. */
export class SettingsFileError extends Error {
  override readonly name = 'SettingsFileError'
  readonly code = 'settings_file'
  readonly path: string
  readonly fix: string | undefined

  constructor(problem: string, { path, fix, ...options }: SettingsFileDetails) {
    super(`${path}: ${problem}`, options)
    this.path = path
    this.fix = fix
  }
}

/** The problems of a picture that should show a QR code. */
export type QrImageProblem =
  | 'not_an_image'
  | 'too_large'
  | 'too_many_pixels'
  | 'unreadable'
  | 'no_code'
  | 'no_link'
  | 'several'

const SENTENCES: Readonly<Record<QrImageProblem, string>> = {
  not_an_image: 'is not a PNG or JPEG picture',
  too_large: 'is too large a file',
  too_many_pixels: 'has too many pixels',
  unreadable: 'is a damaged picture',
  no_code: 'shows no QR code that could be read',
  no_link: 'shows a QR code, but not of a taleus link',
  several: 'shows more than one invitation',
}

export interface QrImageDetails extends ErrorOptions {
  readonly path: string
}

/** No single link could be read from a picture. Never holds what was read. */
export class QrImageError extends Error {
  override readonly name = 'QrImageError'
  readonly code = 'qr_image'
  readonly problem: QrImageProblem

  constructor(problem: QrImageProblem, { path, ...options }: QrImageDetails) {
    super(`${path} ${SENTENCES[problem]}`, options)
    this.problem = problem
  }
}

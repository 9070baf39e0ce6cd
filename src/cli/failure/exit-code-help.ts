import { ERROR_CODES } from '../errors/error-codes.ts'
import type { ErrorMeaning } from '../errors/error-meaning.ts'
import { EXIT_CODES } from '../errors/exit-codes.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'

export interface ExitCodeShown {
  readonly exitCode: number
  readonly meaning: string
  readonly causes: readonly {
    readonly code: string
    readonly sentence: string
    readonly nextStep: string
  }[]
}

/** Every exit code with the error codes that lead to it, ascending. */
export function exitCodes(): readonly ExitCodeShown[] {
  const codes: readonly (readonly [string, ErrorMeaning])[] = Object.entries(ERROR_CODES)
  return Object.entries(EXIT_CODES).map(([number, meaning]) => ({
    exitCode: Number(number),
    meaning,
    causes: codes
      .filter(([, { exitCode }]) => exitCode === Number(number))
      .map(([code, { sentence, nextStep }]) => ({ code, sentence, nextStep })),
  }))
}

export function exitCodesText(): ScreenText {
  const causeLines = exitCodes().flatMap(({ exitCode, meaning, causes }) => [
    `${String(exitCode).padStart(3)}  ${meaning}`,
    ...causes.map(({ code, sentence }) => `     ${code.padEnd(22)} ${sentence}`),
  ])
  return lines([
    'Exit codes, each with the error codes of --json that lead to it:',
    '',
    ...causeLines,
  ])
}

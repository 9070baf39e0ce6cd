import type { ExitCode } from './exit-codes.ts'

/** The meaning of an error code, as people and scripts are told it. */
export interface ErrorMeaning {
  readonly exitCode: ExitCode
  /** Says what happened. Where an error of ours says more (which file, which flag), its message is shown. */
  readonly sentence: string
  readonly nextStep: string
  /** The error's own message replaces the sentence: it is ours, and names the thing. */
  readonly ownMessage: boolean
}

/** The sentence says all that is known. */
export function fixed(exitCode: ExitCode, sentence: string, nextStep: string): ErrorMeaning {
  return { exitCode, sentence, nextStep, ownMessage: false }
}

/** The error’s own message says more than the sentence, and is shown instead. */
export function own(exitCode: ExitCode, sentence: string, nextStep: string): ErrorMeaning {
  return { exitCode, sentence, nextStep, ownMessage: true }
}

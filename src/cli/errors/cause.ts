import type { ExitCode } from './exit-codes.ts'

/** One cause of failure, as people and scripts are told about it. */
export interface Cause {
  readonly exitCode: ExitCode
  /** What happened. Where an error of ours says more (which file, which flag), its message is shown. */
  readonly sentence: string
  readonly nextStep: string
  /** The error's own message replaces the sentence: it is ours, and names the thing. */
  readonly ownMessage: boolean
}

/** What is known of it is in the sentence. */
export function cause(exitCode: ExitCode, sentence: string, nextStep: string): Cause {
  return { exitCode, sentence, nextStep, ownMessage: false }
}

/** Its error says more than the sentence. */
export function own(exitCode: ExitCode, sentence: string, nextStep: string): Cause {
  return { exitCode, sentence, nextStep, ownMessage: true }
}

/** The ways in which a command fails to do what it is asked. */
export type CommandProblem =
  /** It is not there, or can't be run. */
  | 'not_started'
  /** It ended with another exit code than 0. */
  | 'exit_code'
  /** A signal has ended it. */
  | 'killed'
  /** It wrote more than an answer may have. */
  | 'too_long'
  /** It wrote what is no answer. */
  | 'no_answer'
  /** It answered that it failed. */
  | 'said_so'
  /** Too many wait for it already. */
  | 'busy'

interface CommandErrorDetails extends ErrorOptions {
  readonly problem: CommandProblem
  /** Named by the command. @default `hook_command` */
  readonly code?: string
}

/** A command of the host's did not do what it was asked. The message is one line, with what it wrote to stderr cut short. */
export class HookCommandError extends Error {
  override readonly name = 'HookCommandError'
  /** `hook_command`, or one that the command has named. */
  readonly code: string
  readonly problem: CommandProblem

  constructor(
    message: string,
    { problem, code = 'hook_command', ...options }: CommandErrorDetails,
  ) {
    super(message, options)
    this.code = code
    this.problem = problem
  }
}

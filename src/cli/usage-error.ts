/** The command was not used as intended: a flag, an argument or a file that can't be meant so. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'usage'
}

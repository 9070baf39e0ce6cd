/** A module of hooks can't be used: nothing was started. */
export class HookModuleError extends Error {
  override readonly name = 'HookModuleError'
  readonly code = 'hook_module'
  readonly path: string

  /** @param problem follows the path */
  constructor(problem: string, { path, ...options }: ErrorOptions & { readonly path: string }) {
    super(`${path} ${problem}`, options)
    this.path = path
  }
}

/** The command of hooks can't be used: it was asked which hooks it answers, and did not tell. Nothing was started. */
export class HookCommandRefusedError extends Error {
  override readonly name = 'HookCommandRefusedError'
  readonly code = 'hook_command'

  /** Names the program alone: its arguments may be nobody else's business. */
  constructor(
    problem: string,
    { words: [program = ''], ...options }: ErrorOptions & { readonly words: readonly string[] },
  ) {
    super(`the command of hooks, ${program}: ${problem}`, options)
  }
}

/** Two sources of hooks both bring the same one: which of them counts, only a person can say. Nothing was started. */
export class HookTwiceError extends Error {
  override readonly name = 'HookTwiceError'
  readonly code = 'hook_twice'
  readonly hook: string

  constructor(hook: string) {
    super(`both the module and the command of hooks bring \`${hook}\``)
    this.hook = hook
  }
}

export interface Terminal {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean }
  readonly env: NodeJS.ProcessEnv
}

/** Whether a person sits at a terminal that can show a dashboard; else lines are written. */
export function isForPeople({ stdin, stdout, env }: Terminal): boolean {
  if (stdin.isTTY !== true || stdout.isTTY !== true) return false
  return env['TERM'] !== 'dumb' && !isSet(env['CI']) && !isReadOut({ stdout, env })
}

/** Whether the screen is read out to whoever sits there: a picture that changes can't be. */
export function isReadOut({ stdout, env }: Pick<Terminal, 'stdout' | 'env'>): boolean {
  return stdout.isTTY === true && (isSet(env['INK_SCREEN_READER']) || isSet(env['ACCESSIBLE']))
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}

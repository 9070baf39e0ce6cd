export interface Terminal {
  readonly stdin: { readonly isTTY?: boolean }
  readonly stdout: { readonly isTTY?: boolean }
  readonly env: NodeJS.ProcessEnv
}

/** Whether a person sits at a terminal that can show a dashboard; else lines are written. */
export function isForPeople({ stdin, stdout, env }: Terminal): boolean {
  if (stdin.isTTY !== true || stdout.isTTY !== true) return false
  return env['TERM'] !== 'dumb' && !isSet(env['CI'])
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value)
}

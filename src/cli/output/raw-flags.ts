/** Whether this text, from the environment, means yes. */
function isYes(value: string | undefined): boolean {
  return /^(?:1|true|yes|y|on)$/i.test(value ?? '')
}

/** Whether a flag without a value is given, before a `--`, or its environment variable means yes. */
export function wants(flag: string, argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  const variable = `TALEUS_${flag.toUpperCase().replaceAll('-', '_')}`
  return flags.includes(`--${flag}`) || isYes(env[variable])
}

/** Whether stack traces are wanted: DEBUG names us, e.g. `taleus*`. */
export function wantsDebug(env: NodeJS.ProcessEnv): boolean {
  return (env['DEBUG'] ?? '').split(/[\s,]+/).some((name) => /^(?:\*$|taleus(?:$|[:*]))/.test(name))
}

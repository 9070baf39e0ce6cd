/**
 * Whether the terminal's locale is UTF-8. The first of these variables that is set decides, as POSIX has it; systems
 * other than Linux are UTF-8 unless told.
 */
export function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => (value ?? '') !== '')
  if (locale === undefined) return process.platform !== 'linux'
  return /utf-?8/i.test(locale)
}

/** The first of these that is set decides, as POSIX has it. Other systems than Linux are UTF-8 unless told. */
export function speaksUtf8(env: NodeJS.ProcessEnv): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => (value ?? '') !== '')
  if (locale === undefined) return process.platform !== 'linux'
  return /utf-?8/i.test(locale)
}

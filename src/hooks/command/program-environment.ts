/**
 * Variables that a program of the host's is given, where they are set: to find programs, files and the language, and to
 * reach the desktop of who sits before it. Nothing else is: other variables may hold passwords of ours.
 */
const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
]

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>

/** The environment for a program of the host's, of this process's own. */
export function programEnvironment(environment: ProcessEnvironment): Record<string, string> {
  const passed = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (PASSED.includes(entry[0]) || entry[0].startsWith('LC_')),
  )
  return Object.fromEntries(passed)
}

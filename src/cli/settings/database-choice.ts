import type { Settings } from './settings.ts'

/**
 * Reads from the settings where tallies are built, and what is taken of what partners build.
 * @param wanted a value of the setting `database` that counts instead
 */
export function databaseChoice(
  settings: Pick<Settings, 'effective'>,
  environment: Readonly<Record<string, string | undefined>>,
  wanted?: string,
) {
  const database = wanted ?? textOf(settings, 'database')
  return {
    server: database === 'automerge' ? undefined : database,
    announced: textOf(settings, 'database-announce'),
    passwordFile: textOf(settings, 'database-password-file'),
    environment,
    takesServers: textOf(settings, 'partner-databases') !== 'automerge',
  }
}

type DatabaseSetting =
  | 'database'
  | 'database-announce'
  | 'database-password-file'
  | 'partner-databases'

function textOf(settings: Pick<Settings, 'effective'>, key: DatabaseSetting): string | undefined {
  const { value } = settings.effective(key)
  return typeof value === 'string' ? value : undefined
}

import type { SettingDefinition } from './setting-definition.ts'

/** The place of the party's store. */
export const STORE_SETTINGS = {
  store: {
    kind: 'database',
    takesEffect: 'restart',
    description:
      'Where the party’s store is: `sqlite`, a file in the data directory, or `postgres://USER@HOST:PORT/DATABASE`, without a password.',
    min: 6,
    max: 1_024,
    choices: ['sqlite'],
    fallback: 'sqlite',
    passwordSetting: 'store-password-file',
  },
  'store-password-file': {
    kind: 'path',
    takesEffect: 'restart',
    description:
      'File with the password for that server; else PGPASSWORD, PGPASSFILE or ~/.pgpass is looked at.',
    min: 1,
    max: 4_096,
  },
} as const satisfies Record<string, SettingDefinition>

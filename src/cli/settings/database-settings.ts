import type { SettingDefinition } from './setting-definition.ts'

/** Where tallies are built, and which of partners' databases are taken. */
export const DATABASE_SETTINGS = {
  database: {
    kind: 'database',
    takesEffect: 'restart',
    description:
      'Where this side builds tallies: `automerge`, a document on both sides, or `postgres://USER@HOST:PORT/DATABASE`, without a password.',
    min: 9,
    max: 1_024,
    choices: ['automerge'],
    fallback: 'automerge',
    passwordSetting: 'database-password-file',
    listenFlag: {
      description: 'Build tallies there; the password comes as psql would find it, or from a file.',
      helpValue: 'automerge|postgres://…',
    },
  },
  'database-announce': {
    kind: 'database',
    takesEffect: 'restart',
    description:
      'How partners reach that database, if not as this computer does: `postgres://HOST:PORT/DATABASE`.',
    min: 9,
    max: 1_024,
    passwordSetting: 'database-password-file',
  },
  'database-password-file': {
    kind: 'path',
    takesEffect: 'restart',
    description:
      'File with the password of its administrator; else PGPASSWORD, PGPASSFILE or ~/.pgpass is looked at.',
    min: 1,
    max: 4_096,
  },
  'partner-databases': {
    kind: 'choice',
    takesEffect: 'restart',
    description:
      '`automerge`: a tally that a partner has built on a server of its own is refused. `any`: it is opened and checked.',
    min: 3,
    max: 9,
    choices: ['any', 'automerge'],
    fallback: 'any',
  },
} as const satisfies Record<string, SettingDefinition>

import type { SettingDefinition } from './setting-definition.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR

/** The settings of commands other than `listen`. */
export const COMMAND_SETTINGS = {
  timeout: {
    kind: 'duration',
    takesEffect: 'next',
    description: 'The longest that `bootstrap` may take.',
    min: SECOND,
    max: HOUR,
    fallback: 30 * SECOND,
  },
  compare: {
    kind: 'choice',
    takesEffect: 'next',
    description:
      '`required`: `tally set` and `tally sync` refuse a tally until its words were compared (`tally compare`).',
    min: 8,
    max: 8,
    choices: ['optional', 'required'],
    fallback: 'optional',
  },
  expires: {
    kind: 'duration',
    takesEffect: 'next',
    description: 'How long a new invitation is good for.',
    min: SECOND,
    max: 366 * DAY,
    fallback: DAY,
  },
} as const satisfies Record<string, SettingDefinition>

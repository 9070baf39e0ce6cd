import { MAX_BASE_URL } from './base-url.ts'
import type { SettingDefinition } from './setting-definition.ts'

const SECOND = 1_000
const DAY = 24 * 3_600 * SECOND

/** The settings of invitations, for the table of all settings. */
export const INVITATION_SETTINGS = {
  approve: {
    kind: 'choice',
    takesEffect: 'next',
    description:
      '`on`: new invitations ask you first, about each partner (`token create --approve`).',
    min: 2,
    max: 3,
    choices: ['on', 'off'],
    fallback: 'off',
  },
  'base-url': {
    kind: 'page',
    takesEffect: 'next',
    description:
      'The page that new links lead to, like https://example.org/t: the file that `taleus page` writes.',
    min: 9,
    max: MAX_BASE_URL,
  },
  expires: {
    kind: 'duration',
    takesEffect: 'next',
    description: 'How long a new invitation is good for.',
    min: SECOND,
    max: 366 * DAY,
    fallback: DAY,
  },
  'pending-for': {
    kind: 'duration',
    description:
      'How long a request at an invitation with --approve waits for your yes or no; after a yes, how long its use is held.',
    min: SECOND,
    max: 24 * DAY,
    fallback: 7 * DAY,
    sessionOption: 'pendingForMs',
  },
} as const satisfies Record<string, SettingDefinition>

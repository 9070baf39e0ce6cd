import { EVENT_KINDS, USUAL_EVENT_KINDS } from '../../service/notify/event-kinds.ts'
import type { SettingDefinition } from './setting-definition.ts'

/** Code and programs of the user's own. */
export const HOOK_SETTINGS = {
  hooks: {
    kind: 'path',
    takesEffect: 'restart',
    description:
      'Module with hooks of your own (.mjs, .js, .mts, .ts): docs/hooks.md; `listen`, `bootstrap` and `reap` load it.',
    min: 1,
    max: 4_096,
    listenFlag: { description: 'Module with hooks of your own.', helpValue: 'MODULE' },
  },
  'hook-command': {
    kind: 'command',
    takesEffect: 'restart',
    description:
      'Program that answers hooks, JSON on its input and output, with its arguments; no shell looks at them.',
    min: 1,
    max: 4_096,
    listenFlag: { description: 'Program that answers hooks.', helpValue: 'COMMAND' },
  },
  'on-event': {
    kind: 'command',
    takesEffect: 'restart',
    description:
      'Program that `listen` starts for events of `on-event-kinds`, with its arguments; the event is on its input.',
    min: 1,
    max: 4_096,
    listenFlag: { description: 'Program to start for events.', helpValue: 'COMMAND' },
  },
  'on-event-kinds': {
    kind: 'choices',
    takesEffect: 'restart',
    description: 'Events that the program of `on-event` is started for.',
    min: 1,
    max: EVENT_KINDS.length,
    choices: EVENT_KINDS,
    fallback: USUAL_EVENT_KINDS,
    listenFlag: {
      description: 'Event to start it for; TALEUS_ON_EVENT_KINDS takes several, with commas.',
      helpValue: 'KIND',
    },
  },
} as const satisfies Record<string, SettingDefinition>

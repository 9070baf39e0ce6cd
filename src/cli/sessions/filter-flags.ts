import { Flags } from '@oclif/core'

/** The flags that say which sessions are meant, whenever they were. */
export const WHICH_SESSIONS = {
  state: Flags.string({
    description: 'Only in this state, e.g. failed, or asked: told to wait for a yes or no.',
    env: 'TALEUS_STATE',
    helpValue: 'STATE',
  }),
  side: Flags.string({
    description: 'Only where you invited (listener) or were invited (dialer).',
    env: 'TALEUS_SIDE',
    options: ['listener', 'dialer'],
  }),
  peer: Flags.string({
    description: 'Only with this peer; the beginning or end of its id is enough.',
    env: 'TALEUS_PEER',
    helpValue: 'PEER',
  }),
  token: Flags.string({
    description: 'Only of this invitation; the beginning of its id is enough.',
    env: 'TALEUS_TOKEN',
    helpValue: 'ID',
  }),
}

/** The flags that say which of the listed sessions are meant. */
export const SESSION_FLAGS = {
  ...WHICH_SESSIONS,
  since: Flags.string({
    description: 'Only begun since then: 2h, or 2026-11-21T08:00Z.',
    env: 'TALEUS_SINCE',
    helpValue: 'WHEN',
  }),
}

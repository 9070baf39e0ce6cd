import { Flags } from '@oclif/core'
import { reapOptions } from './reap-options.ts'

const LOG_FORMATS = ['text', 'json'] as const

/** The flags of `taleus listen`. */
export const listenOptions = {
  listen: Flags.string({
    description: 'Multiaddr to listen on; TALEUS_LISTEN takes several, with commas.',
    multiple: true,
    helpValue: 'MULTIADDR',
  }),
  announce: Flags.string({
    description: 'Multiaddr to put into links instead; TALEUS_ANNOUNCE takes several.',
    multiple: true,
    helpValue: 'MULTIADDR',
  }),
  'max-sessions': Flags.string({ description: 'Sessions at once.', helpValue: 'N' }),
  'rate-limit': Flags.string({ description: 'Attempts per peer and minute.', helpValue: 'N' }),
  'session-timeout': Flags.string({ description: 'Longest session, e.g. 30s.' }),
  'step-timeout': Flags.string({ description: 'Longest step, e.g. 5s.' }),
  'drain-timeout': Flags.string({ description: 'Time to finish when asked to stop.' }),
  http: Flags.string({ description: 'Tell health and metrics there.', helpValue: 'HOST:PORT' }),
  for: Flags.string({ description: 'Stop after this long, e.g. 15m.', env: 'TALEUS_FOR' }),
  once: Flags.boolean({ description: 'Stop after one tally.', env: 'TALEUS_ONCE' }),
  'exit-if-unreachable': Flags.boolean({
    description: 'Stop at once if none of its own addresses leads here.',
    env: 'TALEUS_EXIT_IF_UNREACHABLE',
  }),
  'trust-clock': Flags.boolean({
    description: 'The clock is right now, and was ahead before: forget the latest time seen.',
  }),
  ...reapOptions,
  plain: Flags.boolean({
    description: 'One line per event, also on a terminal.',
    env: 'TALEUS_PLAIN',
  }),
  log: Flags.option({
    description: 'Write the lines to stderr: for people, or one JSON document each.',
    env: 'TALEUS_LOG',
    options: LOG_FORMATS,
  })(),
}

import { Flags } from '@oclif/core'

/** Which period is meant. */
export const PERIOD_FLAGS = {
  since: Flags.string({
    description: 'Only from then on: 2h, or 2026-11-21T08:00Z.',
    env: 'TALEUS_SINCE',
    helpValue: 'WHEN',
  }),
  until: Flags.string({
    description: 'Only before then.',
    env: 'TALEUS_UNTIL',
    helpValue: 'WHEN',
  }),
}

/** Which records are meant. */
export const AUDIT_FLAGS = {
  session: Flags.string({
    description: 'Only of this session; the beginning of its id is enough.',
    env: 'TALEUS_SESSION',
    helpValue: 'ID',
  }),
  token: Flags.string({
    description: 'Only of this invitation; the beginning of its id is enough.',
    env: 'TALEUS_TOKEN',
    helpValue: 'ID',
  }),
  peer: Flags.string({
    description: 'Only about this peer; the beginning or end of its id is enough.',
    env: 'TALEUS_PEER',
    helpValue: 'PEER',
  }),
  type: Flags.string({
    description: 'Only of this type. May be given more than once.',
    env: 'TALEUS_TYPE',
    multiple: true,
    multipleNonGreedy: true,
    options: [
      'state',
      'token',
      'identity',
      'database',
      'error',
      'security',
      'operator',
      'lifecycle',
    ],
  }),
  severity: Flags.string({
    description: 'Only as grave as this, or graver.',
    env: 'TALEUS_SEVERITY',
    options: ['info', 'notice', 'warning', 'alarm'],
  }),
  ...PERIOD_FLAGS,
  limit: Flags.integer({
    description: 'At most so many, the newest.',
    env: 'TALEUS_LIMIT',
    helpValue: 'N',
    min: 1,
  }),
}

/** Where a long answer goes. */
export const OUT_FLAGS = {
  out: Flags.string({
    description: 'Write into this file, for you alone (mode 0600), instead of to stdout.',
    env: 'TALEUS_OUT',
    helpValue: 'FILE',
  }),
  force: Flags.boolean({
    description: 'Replace the file if there is one.',
    dependsOn: ['out'],
    env: 'TALEUS_FORCE',
  }),
}

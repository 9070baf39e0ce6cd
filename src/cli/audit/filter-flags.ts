import { Flags } from '@oclif/core'
import { AUDIT_KINDS, AUDIT_LEVELS } from '../../service/trail/audit-entry.ts'

/** The flags that say which period is meant. */
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

/** The flags that say which records are meant; `parseAuditFlags` reads them. */
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
    options: [...AUDIT_KINDS],
  }),
  severity: Flags.string({
    description: 'Only as grave as this, or graver.',
    env: 'TALEUS_SEVERITY',
    options: [...AUDIT_LEVELS],
  }),
  ...PERIOD_FLAGS,
  limit: Flags.integer({
    description: 'At most so many, the newest.',
    env: 'TALEUS_LIMIT',
    helpValue: 'N',
    min: 1,
  }),
}

import { Flags } from '@oclif/core'

/** For every command that changes something: the audit says who gave it, and why. */
export const reasonFlag = {
  reason: Flags.string({
    description: 'Why, for the audit.',
    env: 'TALEUS_REASON',
    helpValue: 'TEXT',
  }),
}

import { Flags } from '@oclif/core'

/** The flags for what a listener reaps by itself. */
export const reapOptions = {
  reap: Flags.string({
    description: 'Reap this by itself, as `reap --policy` does once: idle, expired, orphaned.',
    env: 'TALEUS_REAP',
    helpValue: 'POLICY',
    multiple: true,
    delimiter: ',',
  }),
  'reap-every': Flags.string({
    description: 'How often it does. [default: 10m]',
    env: 'TALEUS_REAP_EVERY',
    helpValue: '10m',
    dependsOn: ['reap'],
  }),
}

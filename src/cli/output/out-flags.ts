import { Flags } from '@oclif/core'

/** The flags that say where a long answer goes; `openSink` takes them. */
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

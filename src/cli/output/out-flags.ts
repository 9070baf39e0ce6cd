import { Flags } from '@oclif/core'
import { FILE_FLAG } from '../paths/meant-path.ts'

/** The flags that say where a long answer goes; `openSink` takes them. */
export const OUT_FLAGS = {
  out: Flags.string({
    ...FILE_FLAG,
    description: 'Write into this file, for you alone (mode 0600), instead of to stdout.',
    env: 'TALEUS_OUT',
  }),
  force: Flags.boolean({
    description: 'Replace the file if there is one.',
    dependsOn: ['out'],
    env: 'TALEUS_FORCE',
  }),
}

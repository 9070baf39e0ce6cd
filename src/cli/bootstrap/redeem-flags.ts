import { Flags } from '@oclif/core'

/** The flags that say how long to try, and where a tally is built that is left to this side. */
export const REDEEM_FLAGS = {
  timeout: Flags.string({
    description:
      'Longest time for all of it; with --wait for each try. [default: 30s, or the setting]',
  }),
  wait: Flags.string({
    description:
      'Try again for so long while the inviter can’t be reached, is busy, or has yet to say yes; never past the link’s end, or that of your place.',
    env: 'TALEUS_WAIT',
    helpValue: '1h',
  }),
  database: Flags.string({
    description:
      'Build the tally there, if the inviter leaves that to you. [default: automerge, or the setting]',
    helpValue: 'automerge|postgres://…',
  }),
}

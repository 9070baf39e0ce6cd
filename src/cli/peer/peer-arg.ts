import { Args } from '@oclif/core'

/** For every command about one peer. */
export const peerArg = {
  peer: Args.string({
    description: 'Its peer id, or enough of one that is known here.',
    ignoreStdin: true,
    required: true,
  }),
}

import { Args } from '@oclif/core'

/** For every command about one thing of this store. */
export const idArg = {
  id: Args.string({ description: 'Its id, or enough of it.', ignoreStdin: true, required: true }),
}

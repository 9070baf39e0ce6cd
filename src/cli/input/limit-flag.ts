import { Flags } from '@oclif/core'

/** Things that a list shows unless told otherwise: a few screens. */
const DEFAULT_LIMIT = 50

/** Things that a list may be asked for at once: all are held until they are printed. */
const MAX_LIMIT = 100_000

/** For every list: it says how many there are in all. */
export function limitFlag(description: string) {
  return Flags.integer({
    description,
    default: DEFAULT_LIMIT,
    env: 'TALEUS_LIMIT',
    helpValue: 'N',
    min: 1,
    max: MAX_LIMIT,
  })
}

import type { Write } from '../../../../src/session/ports/write.ts'
import { INVITEE_KINDS, REMOVAL_KINDS } from './invitee-kinds.ts'
import { INVITER_KINDS } from './inviter-kinds.ts'
import type { Pools } from './pools.ts'
import { TRAIL_KINDS } from './trail-kinds.ts'
import { UPKEEP_KINDS } from './upkeep-kinds.ts'

type Kinds = { readonly [Op in Write['op']]: (from: Pools) => Extract<Write, { op: Op }> }

/** One of each kind of write, at random. */
const KINDS: Kinds = {
  ...TRAIL_KINDS,
  ...REMOVAL_KINDS,
  ...INVITER_KINDS,
  ...INVITEE_KINDS,
  ...UPKEEP_KINDS,
}

export const OPS = Object.keys(KINDS) as readonly Write['op'][]

/** Kinds that others build on, and that are drawn more often. */
const FREQUENT: readonly Write['op'][] = [
  ...Array.from({ length: 4 }, () => 'reserve' as const),
  ...(['approve', 'approve', 'intendProvision', 'intendProvision', 'delegate'] as const),
  ...(['commit', 'commit', 'confirm', 'confirm', 'resume', 'noteLostUse'] as const),
  ...(['beginAttempt', 'keepTally', 'keepTally', 'saveSession', 'keepCheckpoint'] as const),
  ...(['oweRemoval', 'oweRemoval', 'claimRemoval', 'claimRemoval', 'withdrawRemoval'] as const),
  ...(['finishRemoval', 'finishRemoval', 'failRemoval', 'withdrawOffer'] as const),
  ...(['endAttempt', 'freeLease', 'freeLeases', 'removeAttempt', 'pruneHistory'] as const),
  ...(['saveSession', 'saveSession', 'pruneHistory'] as const),
  ...(['keepRequest', 'keepRequest', 'approveRequest', 'denyRequest', 'endRequest'] as const),
]

/** Writes that come to something only one after another. */
const STORIES: readonly (readonly Write['op'][])[] = [
  ['oweRemoval', 'claimRemoval', 'finishRemoval'],
  ['oweRemoval', 'claimRemoval', 'oweRemoval', 'finishRemoval'],
  ['oweRemoval', 'claimRemoval', 'oweRemoval', 'failRemoval'],
  ['oweRemoval', 'claimRemoval', 'intendProvision', 'withdrawRemoval'],
  ['oweRemoval', 'claimRemoval', 'failRemoval', 'hastenRemoval'],
  ['approve', 'delegate', 'commit', 'approve', 'release'],
  ['approve', 'delegate', 'commit', 'withdrawOffer', 'confirm', 'resume'],
  ['beginAttempt', 'keepTally', 'noteWithdrawn', 'confirmTally'],
  ['keepRequest', 'approveRequest', 'reserve', 'approve', 'delegate', 'commit'],
  ['keepRequest', 'approveRequest', 'reserve', 'intendProvision', 'denyRequest', 'commit'],
  ['keepRequest', 'approveRequest', 'denyRequest', 'reserve'],
  ['keepRequest', 'approveRequest', 'release', 'endRequest'],
  ['keepRequest', 'noteLostUse', 'approveRequest', 'reserve'],
]

/** Works at random, some of which build on others. */
export class RandomWorks {
  readonly #from: Pools
  #story: Write['op'][] = []

  constructor(from: Pools) {
    this.#from = from
  }

  /** One write, or a few, as a session makes them. */
  next(): readonly Write[] {
    const from = this.#from
    if (this.#story.length === 0 && from.chance(0.06)) {
      this.#story = [...from.pick(STORIES)]
      from.focus()
    }
    const op = this.#story.shift()
    if (op !== undefined) return [KINDS[op](from)]
    const length = from.pick([1, 1, 1, 1, 2, 2, 3])
    return Array.from({ length }, () => KINDS[from.pick([...OPS, ...FREQUENT])](from))
  }
}

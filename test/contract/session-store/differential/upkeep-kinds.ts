import type { UpkeepWrite } from '../../../../src/session/ports/upkeep-write.ts'
import { orderFrom } from './invitee-kinds.ts'
import { ATTEMPTS, type Pools, TOKENS } from './pools.ts'
import { draftFrom } from './trail-kinds.ts'

type Kinds = {
  readonly [Op in UpkeepWrite['op']]: (from: Pools) => Extract<UpkeepWrite, { op: Op }>
}

export const UPKEEP_KINDS: Kinds = {
  claimRemoval: (from) => ({
    op: 'claimRemoval',
    tallyId: from.owedTallyId(),
    claim: from.lease(),
    ...from.maybe({ voidClaim: from.lease() }, 0.2),
    isPossible: from.chance(0.8),
    now: from.now,
    left: draftFrom(from),
  }),
  finishRemoval: (from) => {
    const [tallyId, owner] = [from.owedTallyId(), from.owner()]
    return { op: 'finishRemoval', tallyId, owner, ...recorded(from) }
  },
  failRemoval: (from) => {
    const [tallyId, owner] = [from.owedTallyId(), from.owner()]
    const nextAt = from.now + from.random.below(20_000)
    return { op: 'failRemoval', tallyId, owner, error: 'no disk', nextAt, ...recorded(from) }
  },
  hastenRemoval: (from) => ({ op: 'hastenRemoval', tallyId: from.owedTallyId(), now: from.now }),
  settleNotice: (from) => {
    return { op: 'settleNotice', redemptionId: from.known().claim.redemptionId }
  },
  failNotice: (from) => {
    const { redemptionId } = from.known().claim
    return { op: 'failNotice', redemptionId, error: 'no host', nextAt: from.now + 5_000 }
  },
  noteExpiries: (from) => {
    const limit = from.pick([1, 2, 5])
    return { op: 'noteExpiries', now: from.now, monotonic: 1, limit }
  },
  pruneHistory: (from) => ({ op: 'pruneHistory', keep: from.random.below(6) + 1 }),
  withdrawOffer: (from) => {
    const lastGivenBefore = from.now - from.pick([0, 0, 20_000])
    return { op: 'withdrawOffer', order: orderFrom(from), lastGivenBefore, now: from.now }
  },
  forgetToken: (from) => {
    return { op: 'forgetToken', tokenId: from.pick(TOKENS), now: from.now, ...recorded(from) }
  },
  removeAttempt: (from) => {
    return { op: 'removeAttempt', attemptId: from.pick(ATTEMPTS), ...recorded(from) }
  },
  freeLease: (from) => {
    const [attemptId, owner] = [from.pick(ATTEMPTS), from.owner()]
    return { op: 'freeLease', attemptId, owner, ...recorded(from) }
  },
  freeLeases: (from) => ({ op: 'freeLeases', holder: from.pick(['p1', 'p2', 'p']) }),
  removeDocument: (from) => ({ op: 'removeDocument', tallyId: from.tallyId(), ...recorded(from) }),
}

function recorded(from: Pools) {
  return from.maybe({ record: draftFrom(from) })
}

import { compact } from '../../protocol/base/compact.ts'
import type { UpkeepWrite } from '../../session/ports/upkeep-write.ts'
import type { AnswerTo } from '../../session/ports/write.ts'
import type { Appliers } from './appliers.ts'
import { isClaimedByOther } from './removal-writes.ts'
import type { Tables } from './tables.ts'

export const UPKEEP_WRITES: Appliers<UpkeepWrite> = {
  claimRemoval,
  finishRemoval: ({ removals }, { tallyId, owner }) => done(removals.finish(tallyId, owner)),
  failRemoval: ({ removals }, { tallyId, owner, error, nextAt }) =>
    done(removals.fail(tallyId, owner, error, nextAt)),
  hastenRemoval: ({ reaping }, { tallyId, now }) => done(reaping.hastenRemoval(tallyId, now)),
  settleNotice: ({ notices }, { redemptionId }) => notices.settle(redemptionId),
  failNotice: ({ notices }, { redemptionId, error, nextAt }) =>
    notices.fail(redemptionId, error, nextAt),
  noteExpiries: ({ expiry }, { now, limit }) => compact({ expired: expiry.note(now, limit) }),
  pruneHistory: ({ pruner }, { keep }) => ({ isMore: pruner.prune(keep) }),
  withdrawOffer: ({ reaping, removals }, { order, lastGivenBefore, now }) => {
    const isDone = reaping.withdrawOffer(order.redemptionId, lastGivenBefore, now)
    if (isDone) removals.owe(order, now)
    return { isDone }
  },
  forgetToken: ({ reaping }, { tokenId, now }) => done(reaping.forgetToken(tokenId, now)),
  removeAttempt: ({ reaping }, { attemptId }) => done(reaping.removeAttempt(attemptId)),
  freeLease: ({ attempts }, { attemptId, owner }) => done(attempts.free(attemptId, owner)),
  freeLeases: ({ attempts }, { holder }) => attempts.freeAll(holder),
  removeDocument: ({ reaping }, { tallyId }) => done(reaping.removeDocument(tallyId)),
}

function done(isDone: boolean): { readonly isDone: boolean } {
  return { isDone }
}

function claimRemoval(
  { attempts, redemptions, removals, tallies }: Tables,
  write: Extract<UpkeepWrite, { readonly op: 'claimRemoval' }>,
): AnswerTo['claimRemoval'] {
  const { tallyId, claim, voidClaim, isPossible, now } = write
  const owed = removals.find(tallyId)
  if (owed === undefined || isClaimedByOther(owed.claim, voidClaim)) return { result: 'taken' }
  // It was put off since it was looked up, perhaps by whoever builds it again.
  if (owed.nextAt > now || attempts.isBuilding(tallyId, now)) return { result: 'taken' }
  const isWanted = tallies.find(tallyId) !== undefined || redemptions.isBuilding(tallyId)
  if (isPossible && !isWanted) {
    removals.claim(tallyId, claim)
    return { result: 'claimed' }
  }
  removals.settle(tallyId)
  return { result: isWanted ? 'wanted' : 'left' }
}

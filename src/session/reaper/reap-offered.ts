import { settleAllRemovals } from '../upkeep/database-removals.ts'
import type { PolicyRun } from './policy-run.ts'
import { MIN_OFFER_AGE_MS, OFFER_TTL_MS } from './reap-options.ts'

/**
 * Withdraw answers that nobody acknowledged. The peer may hold what it was given all the same: it hears of it when
 * it comes back. So this is done only when a person asks for it by name.
 * @throws RangeError if that is asked for of what may still be on its way; StoreError
 */
export async function reapOffered(
  run: PolicyRun,
  isRunning: (redemptionId: string) => boolean,
): Promise<void> {
  const { options, ports } = run
  const { olderThanMs = OFFER_TTL_MS, minOfferAgeMs = MIN_OFFER_AGE_MS } = options
  if (olderThanMs < minOfferAgeMs) throw new RangeError('an offer may still be on its way')
  await run.harvest({
    kind: 'offer',
    olderThanMs,
    list: ({ reaping }, after, limit) => reaping.offers(after, limit),
    spare: ({ id }) => (isRunning(id) ? 'a session is under way' : undefined),
    take: (transaction, { id, tallyId = '', sessionId = '', peerId = '', tokenId }, now) => {
      if (!transaction.reaping.withdrawOffer(id, now - olderThanMs, now)) return false
      const reason = 'withdrawn'
      const order = { tallyId, redemptionId: id, fence: 0, sessionId, peerId, reason }
      transaction.oweRemoval(order, now)
      transaction.appendAudit({
        type: 'token',
        severity: 'warning',
        at: now,
        monotonic: ports.clock.monotonic(),
        sessionId,
        redemptionId: id,
        ...(tokenId === undefined ? {} : { tokenId }),
        peerId,
        data: { event: 'withdrawn', tallyId },
      })
      return true
    },
  })
  if (!options.dryRun) await settleAllRemovals(ports)
}

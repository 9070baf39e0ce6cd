import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import { settleAllRemovals } from '../upkeep/database-removals.ts'
import type { PolicyRun } from './policy-run.ts'
import { MIN_OFFER_AGE_MS, OFFER_TTL_MS } from './reap-options.ts'

/**
 * Withdraws offers that nobody acknowledged. The peer may hold the tally all the same: it hears of the withdrawal when
 * it comes back. So this is done only when a person names this policy.
 * @throws RangeError for an age at which an offer may still be on its way; StoreError
 */
export async function reapOffered(
  run: PolicyRun,
  isRunning: (sessionId: string) => boolean,
): Promise<void> {
  const { options, ports } = run
  const { olderThanMs = OFFER_TTL_MS, minOfferAgeMs = MIN_OFFER_AGE_MS } = options
  if (olderThanMs < minOfferAgeMs) throw new RangeError('an offer may still be on its way')
  await run.harvest({
    kind: 'offer',
    olderThanMs,
    list: ({ reaping }, after, limit) => reaping.offers(after, limit),
    spare: ({ sessionId = '' }) => (isRunning(sessionId) ? 'a session is under way' : undefined),
    take: ({ id: redemptionId, tallyId = '', sessionId = '', peerId = '', tokenId }, now) => {
      const reason = 'withdrawn'
      const order = { tallyId, redemptionId, fence: 0, sessionId, peerId, reason }
      const record: AuditDraft = compact({
        type: 'token',
        severity: 'warning',
        at: now,
        monotonic: ports.clock.monotonic(),
        sessionId,
        redemptionId,
        tokenId,
        peerId,
        data: { event: 'withdrawn', tallyId },
      })
      return [{ op: 'withdrawOffer', order, lastGivenBefore: now - olderThanMs, now, record }]
    },
  })
  if (!options.dryRun) await settleAllRemovals(ports)
}

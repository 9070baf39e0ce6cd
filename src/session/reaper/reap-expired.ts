import { compact } from '../../protocol/base/compact.ts'
import type { LapsedReservation, StoreTransaction } from '../ports/store.ts'
import { settleAllRemovals } from '../upkeep/database-removals.ts'
import { recordExpiredTokens } from '../upkeep/record-expired-tokens.ts'
import { releaseLapsedReservation } from '../upkeep/release-lapsed-reservations.ts'
import { tellHostUseReleased } from '../upkeep/tell-host-use-released.ts'
import type { PolicyRun } from './policy-run.ts'
import { KEEP_EXPIRED_MS } from './reap-options.ts'

/**
 * Frees uses whose reservation has lapsed, and removes tokens that expired unused and attempts that came to nothing.
 * Tombstones stay: they keep a use consumed.
 * @throws StoreError
 */
export async function reapExpired(
  run: PolicyRun,
  isRunning: (redemptionId: string) => boolean,
): Promise<void> {
  const { options } = run
  await reservations(run, isRunning)
  if (!options.dryRun) await recordExpiredTokens(run.ports)
  const olderThanMs = options.olderThanMs ?? KEEP_EXPIRED_MS
  await run.harvest({
    kind: 'token',
    olderThanMs,
    list: ({ reaping }, after, limit) => reaping.tokens(after, limit),
    take: (transaction, { id }, now) => {
      if (!transaction.reaping.forgetToken(id, now)) return false
      audit(run, transaction, now, { tokenId: id }, 'forgotten')
      return true
    },
  })
  await run.harvest({
    kind: 'attempt',
    olderThanMs,
    list: ({ reaping }, after, limit) => reaping.endedAttempts(after, limit),
    take: (transaction, { id, peerId, tokenId }, now) => {
      if (!transaction.reaping.removeAttempt(id)) return false
      const about = compact({ redemptionId: id, peerId, tokenId })
      audit(run, transaction, now, about, 'attempt removed')
      return true
    },
  })
  if (!options.dryRun) await settleAllRemovals(run.ports)
}

async function reservations(
  run: PolicyRun,
  isRunning: (redemptionId: string) => boolean,
): Promise<void> {
  const released: LapsedReservation[] = []
  await run.harvest({
    kind: 'reservation',
    olderThanMs: run.options.olderThanMs ?? 0,
    list: ({ reaping }, after, limit) => reaping.reservations(after, limit),
    spare: ({ id }) => (isRunning(id) ? 'a session is under way' : undefined),
    take: (transaction, { reservation }, now) => {
      if (!releaseLapsedReservation(run.ports, transaction, reservation, now)) return false
      released.push(reservation)
      return true
    },
  })
  if (!run.options.dryRun) for (const each of released) tellHostUseReleased(run.ports, each)
}

function audit(
  { ports }: PolicyRun,
  transaction: StoreTransaction,
  at: number,
  about: { readonly tokenId?: string; readonly redemptionId?: string; readonly peerId?: string },
  event: string,
): void {
  const monotonic = ports.clock.monotonic()
  const data = { event, reason: 'expired' }
  transaction.appendAudit({ type: 'token', severity: 'notice', at, monotonic, ...about, data })
}

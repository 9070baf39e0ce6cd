import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import { settleAllRemovals } from '../upkeep/database-removals.ts'
import { recordExpiredTokens } from '../upkeep/record-expired-tokens.ts'
import { lapsedRelease } from '../upkeep/release-lapsed-reservations.ts'
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
  isRunning: (sessionId: string) => boolean,
): Promise<void> {
  const { options } = run
  await reservations(run, isRunning)
  if (!options.dryRun) await recordExpiredTokens(run.ports)
  const olderThanMs = options.olderThanMs ?? KEEP_EXPIRED_MS
  await run.harvest({
    kind: 'token',
    olderThanMs,
    list: ({ reaping }, after, limit) => reaping.tokens(after, limit),
    take: ({ id: tokenId }, now) => {
      const record = recordOf(run, now, { tokenId }, 'forgotten')
      return [{ op: 'forgetToken', tokenId, now, record }]
    },
  })
  await run.harvest({
    kind: 'attempt',
    olderThanMs,
    list: ({ reaping }, after, limit) => reaping.endedAttempts(after, limit),
    take: ({ id: attemptId, peerId, tokenId }, now) => {
      const about = compact({ redemptionId: attemptId, peerId, tokenId })
      const record = recordOf(run, now, about, 'attempt removed')
      return [{ op: 'removeAttempt', attemptId, record }]
    },
  })
  if (!options.dryRun) await settleAllRemovals(run.ports)
}

async function reservations(
  run: PolicyRun,
  isRunning: (sessionId: string) => boolean,
): Promise<void> {
  const { clock } = run.ports
  await run.harvest({
    kind: 'reservation',
    olderThanMs: run.options.olderThanMs ?? 0,
    list: ({ reaping }, after, limit) => reaping.reservations(after, limit),
    spare: ({ sessionId = '' }) => (isRunning(sessionId) ? 'a session is under way' : undefined),
    take: ({ reservation }) => [lapsedRelease(reservation, clock)],
    taken: ({ reservation }) => tellHostUseReleased(run.ports, reservation),
  })
}

function recordOf(
  { ports }: PolicyRun,
  at: number,
  about: Pick<AuditDraft, 'tokenId' | 'redemptionId' | 'peerId'>,
  event: string,
): AuditDraft {
  const monotonic = ports.clock.monotonic()
  const data = { event, reason: 'expired' }
  return { type: 'token', severity: 'notice', at, monotonic, ...about, data }
}

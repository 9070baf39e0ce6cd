import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Reapable } from '../ports/reap.ts'
import { written } from '../ports/written.ts'
import type { SessionLook } from '../run/session-machine.ts'
import type { PolicyRun } from './policy-run.ts'

/** A session under way in this process. */
export interface LiveSession extends Omit<Reapable, 'since' | 'neededBecause'> {
  /** The time since it came to its state, ms. */
  readonly idleMs: number
  /** Ends it, and tells its peer. */
  end(): void
}

/** The last message to the peer of an idle session. */
export const IDLE: Denial = { code: 'timed_out', reason: 'ended for lack of progress' }

export function liveSession({ summary, idleMs }: SessionLook, end: () => void): LiveSession {
  const { id, side, state, peerId, tokenId, tallyId } = summary
  return compact({ id, side, state, peerId, tokenId, tallyId, idleMs, end })
}

/**
 * Ends sessions that make no progress. Their commits stay; uses that they only reserved are given back.
 * @throws StoreError
 */
export async function reapIdle(run: PolicyRun, live: readonly LiveSession[]): Promise<void> {
  const { config, clock } = run.ports
  const olderThanMs =
    run.options.olderThanMs ?? Math.max(config.stepTimeoutMs, config.provisionTimeoutMs)
  const now = clock.now()
  const idle: LiveSession[] = []
  for (const session of live) {
    const thing = { ...session, since: now - session.idleMs }
    if (!run.passes(thing)) continue
    const isIdle = session.idleMs > olderThanMs
    run.note('session', thing, isIdle ? undefined : 'it makes progress')
    if (isIdle) idle.push(session)
  }
  if (run.options.dryRun || idle.length === 0) return
  await recorded(run, idle)
  for (const session of idle) session.end()
}

/** Records the reason for their end before they end. */
async function recorded(
  { ports, options }: PolicyRun,
  idle: readonly LiveSession[],
): Promise<void> {
  const { clock, store } = ports
  const drafts = idle.map(
    ({ id: sessionId, peerId, tokenId, state, idleMs }): AuditDraft =>
      compact({
        type: 'lifecycle',
        severity: 'warning',
        at: clock.now(),
        monotonic: clock.monotonic(),
        sessionId,
        peerId,
        tokenId,
        data: { event: 'session.idle', state, idleMs: Math.round(idleMs) },
      }),
  )
  const all = [...drafts, options.record('idle', idle.length)]
  await written(
    store,
    all.map((draft) => ({ op: 'appendAudit', draft })),
  )
}

import type { Denial } from '../machine/listener-event.ts'
import type { Reapable } from '../ports/reap.ts'
import type { SessionLook } from '../run/session-machine.ts'
import type { PolicyRun } from './policy-run.ts'

/** A session under way in this process. */
export interface LiveSession extends Omit<Reapable, 'since' | 'neededBecause'> {
  /** How long it has been in its state, ms. */
  readonly idleMs: number
  /** End it, telling its peer. */
  end(): void
}

/** What its peer is told. */
export const IDLE: Denial = { code: 'timed_out', reason: 'ended for lack of progress' }

export function liveSession({ summary, idleMs }: SessionLook, end: () => void): LiveSession {
  const { id, side, state, peerId, tokenId, tallyId } = summary
  return {
    id,
    side,
    state,
    peerId,
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(tallyId === undefined ? {} : { tallyId }),
    idleMs,
    end,
  }
}

/**
 * End sessions that make no progress. What they committed stays; what they only reserved is given back.
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
  await written(run, idle)
  for (const session of idle) session.end()
}

/** Why they end is on record before they do. */
async function written({ ports, options }: PolicyRun, idle: readonly LiveSession[]): Promise<void> {
  const { clock, store } = ports
  await store.transact((transaction) => {
    for (const { id: sessionId, peerId, tokenId, state, idleMs } of idle) {
      transaction.appendAudit({
        type: 'lifecycle',
        severity: 'warning',
        at: clock.now(),
        monotonic: clock.monotonic(),
        sessionId,
        ...(peerId === undefined ? {} : { peerId }),
        ...(tokenId === undefined ? {} : { tokenId }),
        data: { event: 'session.idle', state, idleMs: Math.round(idleMs) },
      })
    }
    transaction.appendAudit(options.record('idle', idle.length))
  }).durable
}

import type { DialerPorts } from '../dialer/dialer-context.ts'
import { DialerSession } from '../dialer/dialer-session.ts'
import { type BootstrapOutcome, outcomeOf } from '../dialer/outcome.ts'
import type { Planned } from '../dialer/plan-redemption.ts'
import type { RedeemRequest } from '../dialer/redeem-request.ts'
import { CommitInDoubtError } from '../errors.ts'
import type { BackgroundWork } from '../host/background-work.ts'
import type { Dialer } from '../ports/dialer.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import { observeOne } from './observe-one.ts'
import type { RunningSessions } from './running-sessions.ts'

export interface RedeemPlannedPorts {
  readonly ports: DialerPorts
  readonly dialer: Dialer
  readonly live: RunningSessions
  readonly background: BackgroundWork
}

/**
 * Runs one session of what was planned.
 * @returns as soon as the outcome is certain: the session's end may still be on its way to the disk
 * @throws StoreError
 */
export function redeemPlanned(
  { ports, dialer, live, background }: RedeemPlannedPorts,
  planned: Planned,
  { signal, timeoutMs = ports.config.sessionTimeoutMs }: RedeemRequest,
): Promise<BootstrapOutcome> {
  // What is left of somebody's patience is seldom whole; times that are stored are.
  const config = { ...ports.config, sessionTimeoutMs: Math.ceil(timeoutMs) }
  const { promise, resolve, reject } = Promise.withResolvers<BootstrapOutcome>()
  const cancel = (): void => session.cancel('the caller gave up')
  const leave = (): void => {
    if (!live.dialers.delete(session)) return
    live.ids.delete(session.sessionId)
    signal?.removeEventListener('abort', cancel)
    background.track(session.stream.closing)
    live.oneIsOver()
  }
  const done = ({ durationMs = 0 }: SessionSummary): void =>
    resolve(outcomeOf(session.state, session.disclosed, durationMs))
  const observer = observeOne(ports.observer, {
    certain: (summary, written) => {
      // If it is lost, `over` hears of it.
      background.track(written.catch(() => undefined))
      leave()
      done(summary)
    },
    over: (end) => {
      if ('inDoubt' in end) live.inDoubt.add(planned.plan.sessionId)
      else live.inDoubt.delete(planned.plan.sessionId)
      leave()
      if ('summary' in end) done(end.summary)
      else reject('error' in end ? end.error : new CommitInDoubtError(planned.plan.sessionId))
    },
  })
  const session: DialerSession = new DialerSession({
    ...planned,
    dialer,
    ports: { ...ports, config, observer },
  })
  live.dialers.add(session)
  live.ids.add(session.sessionId)
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted === true) cancel()
  else session.start()
  return promise
}

import { outcomeOf, type Planned } from '../dialer/attempt.ts'
import type { BootstrapRequest } from '../dialer/bootstrap-request.ts'
import { DialerSession } from '../dialer/dialer-session.ts'
import type { BootstrapOutcome } from '../dialer/outcome.ts'
import type { BackgroundWork } from '../host/background-work.ts'
import type { Dialer } from '../ports/dialer.ts'
import type { SessionSummary } from '../ports/session-summary.ts'
import { portsOfOne } from '../run/ports-of-one.ts'
import type { SessionPorts } from '../run/session-ports.ts'
import type { LiveSessions } from './live-sessions.ts'

export interface RedeemingPorts {
  readonly ports: SessionPorts
  readonly dialer: Dialer
  readonly live: LiveSessions
  readonly underWay: BackgroundWork
}

/**
 * Run one session of what was planned.
 * @returns as soon as the outcome is certain: the session's end may still be on its way to the disk
 * @throws StoreError
 */
export function redeemPlanned(
  { ports: all, dialer, live, underWay }: RedeemingPorts,
  planned: Planned,
  { signal, timeoutMs = all.config.sessionTimeoutMs }: BootstrapRequest,
): Promise<BootstrapOutcome> {
  // What is left of somebody's patience is seldom whole; times that are stored are.
  const config = { ...all.config, sessionTimeoutMs: Math.ceil(timeoutMs) }
  const { promise, resolve, reject } = Promise.withResolvers<BootstrapOutcome>()
  const cancel = (): void => session.cancel('the caller gave up')
  const leave = (): void => {
    if (!live.dialers.delete(session)) return
    signal?.removeEventListener('abort', cancel)
    underWay.track(session.stream.closing)
    live.oneIsOver()
  }
  const done = ({ durationMs = 0 }: SessionSummary): void =>
    resolve(outcomeOf(session.state, durationMs))
  const ports = portsOfOne(all, config, {
    certain: (summary, written) => {
      // If it is lost, `over` hears of it.
      underWay.track(written.catch(() => undefined))
      leave()
      done(summary)
    },
    over: (end) => {
      leave()
      if ('error' in end) reject(end.error)
      else done(end.summary)
    },
  })
  const session: DialerSession = new DialerSession({ ...planned, dialer, ports })
  live.dialers.add(session)
  signal?.addEventListener('abort', cancel)
  if (signal?.aborted === true) cancel()
  else session.start()
  return promise
}

import type { StopReason } from '../../service/feed/stop-reasons.ts'

/** Why to stop, and within which time if somebody said so. */
export interface StopRequest {
  readonly reason: StopReason
  /** Milliseconds that sessions have to finish. */
  readonly drainMs?: number
}

/** The first reason to stop, and what to do when somebody insists. */
export interface StopSignals {
  /** Resolves with the first reason. */
  readonly first: Promise<StopRequest>
  /** Something else than a signal asks for the end. */
  stop(reason: StopReason, drainMs?: number): void
  /** Sets what SIGHUP does where it is no reason to stop; before that it does nothing. */
  onReload(reload: () => void): void
  /** No longer listen for signals. */
  release(): void
}

/**
 * First ^C or SIGTERM: stop in good order. Second: leave now; nothing that was promised is lost, because
 * all of it is in the store. SIGHUP from a terminal that was closed is a reason to stop; to a service it
 * means "look at your settings".
 */
export function watchStopSignals(
  leaveNow: (signal: 'SIGINT' | 'SIGTERM') => void,
  onTerminal: boolean,
): StopSignals {
  const { promise, resolve } = Promise.withResolvers<StopRequest>()
  let asked = false
  let reload: (() => void) | undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' && signal !== 'SIGTERM') return
    if (asked) leaveNow(signal)
    asked = true
    resolve({ reason: signal })
  }
  const onHangUp = (): void => {
    if (onTerminal) resolve({ reason: 'SIGHUP' })
    else reload?.()
  }
  process.on('SIGHUP', onHangUp)
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    first: promise,
    stop: (reason, drainMs) => resolve({ reason, ...(drainMs === undefined ? {} : { drainMs }) }),
    onReload: (work) => {
      reload = work
    },
    release: () => {
      process.off('SIGHUP', onHangUp)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

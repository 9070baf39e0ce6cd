/** Why a service stops. */
export type StopReason =
  | 'SIGINT'
  | 'SIGTERM'
  | 'SIGHUP'
  | 'closed-pipe'
  | 'time-is-up'
  | 'once'
  | 'store-failed'

/** The first reason to stop, and what to do when somebody insists. */
export interface StopSignals {
  /** Resolves with the first reason. */
  readonly first: Promise<StopReason>
  /** Something else than a signal asks for the end. */
  stop(reason: StopReason): void
  /** No longer listen for signals. */
  release(): void
}

/**
 * First ^C or SIGTERM: stop in good order. Second: leave now; nothing that was promised is lost, because
 * all of it is in the store. SIGHUP from a terminal that was closed is a reason to stop; to a service it
 * means "look at your settings", which a listener does for each session anyway.
 */
export function watchStopSignals(
  leaveNow: (signal: 'SIGINT' | 'SIGTERM') => void,
  onTerminal: boolean,
): StopSignals {
  const { promise, resolve } = Promise.withResolvers<StopReason>()
  let asked = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' && signal !== 'SIGTERM') return
    if (asked) leaveNow(signal)
    asked = true
    resolve(signal)
  }
  const onHangUp = (): void => {
    if (onTerminal) resolve('SIGHUP')
  }
  process.on('SIGHUP', onHangUp)
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    first: promise,
    stop: resolve,
    release: () => {
      process.off('SIGHUP', onHangUp)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

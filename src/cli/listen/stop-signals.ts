/** Why a service stops. */
export type StopReason =
  | 'SIGINT'
  | 'SIGTERM'
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
 * all of it is in the store.
 */
export function watchStopSignals(leaveNow: (signal: 'SIGINT' | 'SIGTERM') => void): StopSignals {
  const { promise, resolve } = Promise.withResolvers<StopReason>()
  let asked = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' && signal !== 'SIGTERM') return
    if (asked) leaveNow(signal)
    asked = true
    resolve(signal)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    first: promise,
    stop: resolve,
    release: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

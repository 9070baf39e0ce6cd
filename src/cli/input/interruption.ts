/** ^C and SIGTERM as one signal to stop waiting; a second one leaves at once. */
export interface Interruption {
  readonly signal: AbortSignal
  /** The one that came, if one did. */
  readonly received: () => 'SIGINT' | 'SIGTERM' | undefined
  release(): void
}

export function watchInterruption(leaveNow: (signal: 'SIGINT' | 'SIGTERM') => void): Interruption {
  const controller = new AbortController()
  let received: 'SIGINT' | 'SIGTERM' | undefined
  const on = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT' && signal !== 'SIGTERM') return
    if (received !== undefined) leaveNow(signal)
    received = signal
    controller.abort()
  }
  process.on('SIGINT', on)
  process.on('SIGTERM', on)
  return {
    signal: controller.signal,
    received: () => received,
    release: () => {
      process.off('SIGINT', on)
      process.off('SIGTERM', on)
    },
  }
}

import type { ForwardOnlyClock } from '../clock/forward-only-clock.ts'
import type { TimeKeepingStore } from '../clock/time-keeping-store.ts'

/** Store the highest time, learn of a higher one from other processes, and note it if the clock was set. */
export async function storeHighestTime(
  store: TimeKeepingStore,
  clock: ForwardOnlyClock,
  storeFailed: (error: unknown) => void,
): Promise<void> {
  try {
    store.storeTimeNext()
    await store.transact((transaction) => {
      clock.remind(transaction.highestTime())
      const byMs = clock.lookForJump()
      if (byMs === 0) return
      transaction.appendAudit({
        type: 'lifecycle',
        severity: 'warning',
        at: clock.now(),
        monotonic: clock.monotonic(),
        data: { event: 'clock.jumped', byMs },
      })
    }).durable
  } catch (error) {
    storeFailed(error)
  }
}

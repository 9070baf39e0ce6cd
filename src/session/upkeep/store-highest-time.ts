import type { ForwardOnlyClock } from '../clock/forward-only-clock.ts'
import type { TimeKeepingStore } from '../clock/time-keeping-store.ts'

/** Stores the highest time, takes up a higher one of other processes, and records it if the clock was set. */
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

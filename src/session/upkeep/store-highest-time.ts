import type { ForwardOnlyClock } from '../clock/forward-only-clock.ts'
import type { TimeKeepingStore } from '../clock/time-keeping-store.ts'
import type { Write } from '../ports/write.ts'
import { written } from '../ports/written.ts'

/** Stores the highest time, takes up a higher one of other processes, and records it if the clock was set. */
export async function storeHighestTime(
  store: TimeKeepingStore,
  clock: ForwardOnlyClock,
  storeFailed: (error: unknown) => void,
): Promise<void> {
  try {
    clock.remind(await store.lookups.time.highest())
    const byMs = clock.lookForJump()
    store.storeTimeNext()
    await written(store, byMs === 0 ? [] : [jumped(clock, byMs)])
  } catch (error) {
    storeFailed(error)
  }
}

function jumped(clock: ForwardOnlyClock, byMs: number): Write {
  return {
    op: 'appendAudit',
    draft: {
      type: 'lifecycle',
      severity: 'warning',
      at: clock.now(),
      monotonic: clock.monotonic(),
      data: { event: 'clock.jumped', byMs },
    },
  }
}

import { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import { SYSTEM_CLOCK } from '../../session/clock/system-clock.ts'
import type { SessionStore } from '../../session/ports/store.ts'

/** Makes the clock that goes on from the highest time that the store has seen. @throws StoreError */
export async function windClock({
  lookups,
}: Pick<SessionStore, 'lookups'>): Promise<ForwardOnlyClock> {
  const clock = new ForwardOnlyClock(SYSTEM_CLOCK)
  clock.remind(await lookups.time.highest())
  return clock
}

import type { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import type { Store } from '../../store/transaction/store.ts'
import { operatorRecord } from '../record/operator.ts'

/** No deadline that a listener sets is later than so much from now, ms: 10 minutes, for an invitee that builds. */
const LONGEST_DEADLINE_MS = 600_000

/**
 * The computer's clock is right, and was wrong before: forget the highest time, and bring deadlines from the wrong
 * time near. What was issued then keeps its expiry.
 * @throws StoreError
 */
export async function trustClock(store: Store, clock: ForwardOnlyClock): Promise<void> {
  await store.write(({ time, audit }) => {
    const seen = time.highest()
    clock.trust()
    const now = clock.now()
    time.reset(now, now + LONGEST_DEADLINE_MS)
    audit.append(operatorRecord('listen --trust-clock', {}, { seen, now }))
  })
}

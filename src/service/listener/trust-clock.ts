import type { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { timeRecords } from '../../store/records/time-records.ts'
import { operatorRecord } from '../record/operator.ts'

/** No deadline that a listener sets is later than so much from now, ms: 10 minutes, for an invitee that builds. */
const LONGEST_DEADLINE_MS = 600_000

/**
 * The computer's clock is right, and was wrong before: forget the highest time, and bring deadlines from the wrong
 * time near. What was issued then keeps its expiry.
 * @throws StoreError
 */
export async function trustClock(
  store: Pick<RecordStore, 'transact'>,
  clock: ForwardOnlyClock,
): Promise<void> {
  clock.trust()
  const now = clock.now()
  await store.transact(function* () {
    const seen = yield* timeRecords.highest()
    yield* timeRecords.reset(now, now + LONGEST_DEADLINE_MS)
    yield* appendAudit(operatorRecord('listen --trust-clock', {}, { seen, now }))
  })
}

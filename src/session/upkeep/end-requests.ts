import type { Clock } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import { answeredAll } from '../ports/written.ts'

/** Requests ended at once. */
const BATCH = 100

export interface EndRequestsPorts {
  readonly store: Pick<SessionStore, 'lookups' | 'submit'>
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
}

/** Ends the requests that wait in vain: nobody said yes or no in time, or the invitation is over. @throws StoreError */
export async function endRequests({ store, clock }: EndRequestsPorts): Promise<void> {
  for (;;) {
    const over = await store.lookups.requests.over(clock.now(), BATCH)
    if (over.length === 0) return
    const [now, monotonic] = [clock.now(), clock.monotonic()]
    const writes = over.map(({ id }) => ({ op: 'endRequest', id, now, monotonic }) as const)
    await answeredAll<'endRequest'>(store, writes)
    if (over.length < BATCH) return
  }
}

/**
 * Ends those of these requests whose peers were shown other terms than their invitations have now, but for what a session has gone
 * on with.
 * @returns how many
 * @throws StoreError
 */
export async function outdateRequests(
  { store, clock }: EndRequestsPorts,
  ids: readonly string[],
): Promise<number> {
  const [now, monotonic] = [clock.now(), clock.monotonic()]
  const writes = ids.map(
    (id) => ({ op: 'endRequest', id, ifOutdated: true, now, monotonic }) as const,
  )
  const answers = await answeredAll<'endRequest'>(store, writes)
  return answers.filter(({ ended }) => ended !== undefined).length
}

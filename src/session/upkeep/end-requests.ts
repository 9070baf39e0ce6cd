import type { Clock } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import type { RequestNews } from '../ports/uses/pending-request.ts'
import { answeredAll } from '../ports/written.ts'

/** Requests ended at once. */
const BATCH = 100

export interface EndRequestsPorts {
  readonly store: SessionStore
  readonly clock: Clock
  /** Told of each request that is over, once that is on the disk. */
  requestNews(news: RequestNews): void
}

/** Ends the requests that wait in vain: nobody said yes or no in time, or the invitation is over. @throws StoreError */
export async function endRequests({ store, clock, requestNews }: EndRequestsPorts): Promise<void> {
  for (;;) {
    const over = await store.lookups.requests.over(clock.now(), BATCH)
    if (over.length === 0) return
    const [now, monotonic] = [clock.now(), clock.monotonic()]
    const writes = over.map(({ id }) => ({ op: 'endRequest', id, now, monotonic }) as const)
    const answers = await answeredAll<'endRequest'>(store, writes)
    for (const { ended } of answers) {
      if (ended !== undefined)
        requestNews({ state: 'over', request: ended.request, cause: ended.end })
    }
    if (over.length < BATCH) return
  }
}

import type { Store } from '../../store/transaction/store.ts'
import type { FeedSyncs } from './event-feed-event.ts'

/** For how long a count is told again, ms: all rows are looked at for it. */
const FRESH_MS = 5_000

/** How the tallies' documents stand to the partners', looked up now and then. */
export class SyncsCounted {
  readonly #store: Pick<Store, 'read'>
  #last: FeedSyncs | undefined
  #at = Number.NEGATIVE_INFINITY

  constructor(store: Pick<Store, 'read'>) {
    this.#store = store
  }

  /** Undefined if no document was set or synced yet. */
  get now(): FeedSyncs | undefined {
    if (performance.now() - this.#at > FRESH_MS) {
      this.#at = performance.now()
      this.#last = this.#count()
    }
    return this.#last
  }

  #count(): FeedSyncs | undefined {
    try {
      const counts = this.#store.read(({ tallySyncs }) => tallySyncs.countStates())
      return Object.values(counts).some((count) => count > 0) ? counts : undefined
    } catch {
      // A store that can't be read is told of by those who need it.
      return undefined
    }
  }
}

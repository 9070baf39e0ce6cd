import type { StoreLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Work, WorkOutcome } from '../ports/work.ts'

/** A question to the store, by its lookups. */
export type StoreQuestion<Found> = (lookups: StoreLookups) => Promise<Found>

interface Asker {
  /** Nobody waits for an answer any more. */
  readonly isOver: boolean
  /** Hears of what the store, or whoever heard the answer, throws. */
  unanswered(error: unknown): void
  /** Hears that what was written did not reach the disk. */
  storeFailed(error: unknown): void
}

/** The store as one session asks it outside its transitions. */
export class AskedStore {
  readonly #store: SessionStore
  readonly #asker: Asker

  constructor(store: SessionStore, asker: Asker) {
    this.#store = store
    this.#asker = asker
  }

  ask<Found>(question: StoreQuestion<Found>, then: (found: Found) => void): void {
    if (!this.#asker.isOver) this.#hear(question(this.#store.lookups), then)
  }

  /** @param unheard called instead of `then` if nobody waits for the outcome any more by the time that it is known */
  submit(
    work: Work,
    then: (outcome: WorkOutcome, durable: Promise<void>) => void,
    unheard?: (outcome: WorkOutcome) => void,
  ): void {
    if (this.#asker.isOver) return
    const { outcome, durable } = this.#store.submit(work)
    const heard = (known: WorkOutcome): void => {
      durable.catch((error: unknown) => this.#asker.storeFailed(error))
      then(known, durable)
    }
    this.#hear(outcome, heard, unheard)
  }

  #hear<Found>(
    found: Promise<Found>,
    then: (found: Found) => void,
    unheard?: (found: Found) => void,
  ): void {
    found
      .then((each) => {
        if (this.#asker.isOver) unheard?.(each)
        else then(each)
      })
      .catch((error: unknown) => {
        if (!this.#asker.isOver) this.#asker.unanswered(error)
      })
  }
}

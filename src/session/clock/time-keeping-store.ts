import { readStore } from '../ports/read-store.ts'
import type { SessionStore, StoreReading, StoreTransaction } from '../ports/store.ts'
import type { ForwardOnlyClock } from './forward-only-clock.ts'

/** The stored time lags no more behind the highest time than this, ms: a crash and a clock set back revive no more. */
const MAX_LAG_MS = 10_000

/** A store that stores the highest time in the transactions that come anyway. */
export class TimeKeepingStore implements SessionStore {
  readonly #own: SessionStore
  readonly #clock: ForwardOnlyClock
  /** The time that the store is known to hold; undefined before it was asked. */
  #remembered: number | undefined

  constructor(own: SessionStore, clock: ForwardOnlyClock) {
    this.#own = own
    this.#clock = clock
  }

  query<Result>(work: (reading: StoreReading) => Result): Result {
    return this.#own.query(work)
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    const known = this.#remembered
    let remembered = known
    const answer = this.#own.transact((transaction) => {
      remembered = known ?? transaction.highestTime()
      const now = this.#clock.now()
      if (now - remembered > MAX_LAG_MS) {
        transaction.rememberTime(now)
        remembered = now
      }
      return work(transaction)
    })
    if (remembered !== known) {
      this.#remembered = remembered
      // The lost batch held the time.
      answer.durable.catch(() => {
        this.#remembered = known
      })
    }
    return answer
  }

  /** Makes the next transaction store the time, however recently the last one did. */
  storeTimeNext(): void {
    if (this.#remembered !== undefined) this.#remembered = Number.NEGATIVE_INFINITY
  }

  /** Reads the stored time once, before anything is judged by the clock. @throws StoreError */
  recall(): void {
    if (this.#remembered !== undefined) return
    this.#remembered = readStore(this.#own, (transaction) => transaction.highestTime())
    this.#clock.remind(this.#remembered)
  }
}

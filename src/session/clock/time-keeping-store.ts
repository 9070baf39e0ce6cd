import { readStore } from '../ports/read-store.ts'
import type { SessionStore, StoreTransaction } from '../ports/store.ts'
import type { ForwardOnlyClock } from './forward-only-clock.ts'

/** The store lags no more behind the highest time than this, ms: so much could be won by a crash and a clock set back. */
const MAX_LAG_MS = 10_000

/** A store that keeps the highest time, with the transactions that come anyway. */
export class TimeKeepingStore implements SessionStore {
  readonly #own: SessionStore
  readonly #clock: ForwardOnlyClock
  /** What the store is known to hold; undefined before it was asked. */
  #remembered: number | undefined

  constructor(own: SessionStore, clock: ForwardOnlyClock) {
    this.#own = own
    this.#clock = clock
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
      // A lost batch took the time with it.
      answer.durable.catch(() => {
        this.#remembered = known
      })
    }
    return answer
  }

  /** The next transaction stores the time, however short ago the last one did. */
  storeTimeNext(): void {
    if (this.#remembered !== undefined) this.#remembered = Number.NEGATIVE_INFINITY
  }

  /** Ask the store once, before anything is judged by the time. @throws StoreError */
  recall(): void {
    if (this.#remembered !== undefined) return
    this.#remembered = readStore(this.#own, (transaction) => transaction.highestTime())
    this.#clock.remind(this.#remembered)
  }
}

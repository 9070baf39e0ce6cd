import type { SessionStore, StoreReading, StoreTransaction } from '../../src/session/ports/store.ts'

/** Methods of a transaction that change nothing. */
const READS =
  /^(appended|find|has|stored|grantOf|committedTally|lapsed|highestTime|holds|leaseHolders|isTallyWanted)/

/** The transaction; `called` hears of each call of one of its methods, before it is carried out. */
export function watched(
  transaction: StoreTransaction,
  called: (method: keyof StoreTransaction, given: readonly unknown[]) => void,
): StoreTransaction {
  return new Proxy(transaction, {
    get: (target, name: keyof StoreTransaction) => {
      const method: unknown = target[name]
      if (typeof method !== 'function') return method
      return (...given: readonly unknown[]): unknown => {
        called(name, given)
        return Reflect.apply(method, target, given)
      }
    },
  })
}

/** The disk is broken. */
export class DiskError extends Error {
  override readonly name = 'DiskError'
}

export type Breakage = 'throws' | 'is lost'

/** A store whose nth call fails, and perhaps all after it. Counts from 1. */
export class BreakingStore implements SessionStore {
  calls = 0
  /** The call that fails; none if 0. */
  failAt = 0
  forGood = false
  how: Breakage = 'throws'
  /** True once a call failed that was to write something. */
  lostWrites = false
  onFailure: () => void = () => undefined
  readonly #own: SessionStore

  constructor(own: SessionStore) {
    this.#own = own
  }

  query<Result>(work: (reading: StoreReading) => Result): Result {
    return this.#own.query(work)
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    this.calls += 1
    const fails =
      this.failAt > 0 && (this.forGood ? this.calls >= this.failAt : this.calls === this.failAt)
    if (!fails) return this.#own.transact(work)
    this.onFailure()
    if (this.how === 'throws') throw new DiskError('the disk is broken')
    return {
      value: this.#undone(work),
      durable: Promise.reject(new DiskError('the batch was lost')),
    }
  }

  /** What `work` gives, and none of what it writes. */
  #undone<Result>(work: (transaction: StoreTransaction) => Result): Result {
    const undone = Symbol('undone')
    let value: { readonly result: Result } | undefined
    try {
      this.#own.transact((transaction) => {
        const each = watched(transaction, (method) => {
          this.lostWrites ||= !READS.test(method)
        })
        value = { result: work(each) }
        throw undone
      })
    } catch (error) {
      if (error !== undone) throw error
    }
    if (value === undefined) throw new DiskError('no result')
    return value.result
  }
}

/** A store whose writes take a few turns of the event loop to become durable. */
export class SlowStore implements SessionStore {
  /** Writes that are not durable yet. */
  pending = 0
  /** Writes so far. */
  writes = 0
  readonly #own: SessionStore
  readonly #turns: number

  constructor(own: SessionStore, turns: number) {
    this.#own = own
    this.#turns = turns
  }

  query<Result>(work: (reading: StoreReading) => Result): Result {
    return this.#own.query(work)
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    let wrote = false
    const { value, durable } = this.#own.transact((transaction) =>
      work(
        watched(transaction, (method) => {
          wrote ||= !READS.test(method)
        }),
      ),
    )
    if (!wrote) return { value, durable }
    this.writes += 1
    this.pending += 1
    return { value, durable: this.#later(durable) }
  }

  async #later(durable: Promise<void>): Promise<void> {
    await durable
    for (let turn = 0; turn < this.#turns; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
    this.pending -= 1
  }
}

/** A store whose disk answers no more from the nth call on, until it does again. */
export class StandingStore implements SessionStore {
  calls = 0
  /** The call from which on nothing is answered; none if 0. Counts from 1. */
  standAt = 0
  #answer = Promise.withResolvers<void>()
  readonly #own: SessionStore

  constructor(own: SessionStore) {
    this.#own = own
  }

  query<Result>(work: (reading: StoreReading) => Result): Result {
    return this.#own.query(work)
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    this.calls += 1
    const { value, durable } = this.#own.transact(work)
    const stands = this.standAt > 0 && this.calls >= this.standAt
    if (!stands) return { value, durable }
    const { promise } = this.#answer
    return { value, durable: durable.then(() => promise) }
  }

  /** The disk answers again: to all that waits, and to what comes. */
  answer(): void {
    this.standAt = 0
    this.#answer.resolve()
    this.#answer = Promise.withResolvers<void>()
  }
}

function isEnd(method: keyof StoreTransaction, [summary]: readonly unknown[]): boolean {
  if (method !== 'updateSession' || typeof summary !== 'object' || summary === null) return false
  return 'state' in summary && summary.state === 'COMPLETED'
}

/** A store in which the first completed session's end stays on its way to the disk until it `arrives`. */
export class HeldEndStore implements SessionStore {
  readonly arrives = Promise.withResolvers<void>()
  /** That end was written. */
  isHeld = false
  /** Nothing can be written. */
  isFull = false
  readonly #own: SessionStore
  readonly #fillsUp: boolean

  /** @param fillsUp takes nothing more once that end is written */
  constructor(own: SessionStore, { fillsUp = false } = {}) {
    this.#own = own
    this.#fillsUp = fillsUp
    this.arrives.promise.catch(() => undefined)
  }

  query<Result>(work: (reading: StoreReading) => Result): Result {
    return this.#own.query(work)
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    if (this.isFull) throw new DiskError('no room')
    let ends = false
    const { value, durable } = this.#own.transact((transaction) =>
      work(
        watched(transaction, (method, given) => {
          ends ||= isEnd(method, given)
        }),
      ),
    )
    if (!ends || this.isHeld) return { value, durable }
    this.isHeld = true
    this.isFull = this.#fillsUp
    return { value, durable: durable.then(() => this.arrives.promise) }
  }
}

import type {
  SessionStore,
  StoreReading,
  StoreTransaction,
} from '../../../src/session/ports/store.ts'
import type { Store } from '../../../src/store/transaction/store.ts'
import type { Chaos } from '../chaos.ts'
import { type Disk, diskError } from './disk.ts'
import { DeadError, type Life } from './life.ts'

/** The real store as one process has it: on a disk that may fail, in a process that may die. */
export class SimulatedStore implements SessionStore {
  readonly #store: Store
  readonly #disk: Disk
  readonly #life: Life
  readonly #chaos: Chaos

  constructor(store: Store, disk: Disk, life: Life, chaos: Chaos) {
    this.#store = store
    this.#disk = disk
    this.#life = life
    this.#chaos = chaos
  }

  query<Result>(work: (reading: StoreReading) => Result): Result {
    if (!this.#life.survives('before a question')) throw new DeadError()
    return this.#store.query(work)
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    if (!this.#life.survives('before a transaction')) throw new DeadError()
    this.#disk.yieldTo(this.#life)
    const fate = this.#chaos.work()
    const asked = this.#store.transact((transaction) => {
      const result = work(transaction)
      if (fate === 'well') return result
      // Some failures end SQLite's whole transaction by themselves.
      if (fate === 'batch fails') this.#disk.database.exec('ROLLBACK')
      throw diskError()
    })
    if (!this.#life.survives('after a transaction')) throw new DeadError()
    return asked
  }
}

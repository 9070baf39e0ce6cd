import type { AuditDraft } from '../../audit/record/record.ts'
import type { SessionStore, StoreReading, StoreTransaction } from '../ports/store.ts'

/** A store that reports the appended audit records once they are durable. */
export class AuditTellingStore implements SessionStore {
  readonly #own: SessionStore
  readonly #tell: (draft: AuditDraft) => void

  /** @param tell must not throw */
  constructor(own: SessionStore, tell: (draft: AuditDraft) => void) {
    this.#own = own
    this.#tell = tell
  }

  query<Result>(work: (reading: StoreReading) => Result): Result {
    return this.#own.query(work)
  }

  transact<Result>(work: (transaction: StoreTransaction) => Result) {
    let appended: readonly AuditDraft[] = []
    const answer = this.#own.transact((transaction) => {
      const value = work(transaction)
      appended = transaction.appended()
      return value
    })
    if (appended.length > 0) {
      answer.durable.then(
        () => appended.forEach(this.#tell),
        // A lost batch is reported to its writers, and holds no records to report.
        () => undefined,
      )
    }
    return answer
  }
}

import type { AuditDraft } from '../../audit/record/record.ts'
import type { SessionStore, StoreTransaction } from '../ports/store.ts'

/** A store that tells what was appended to the audit, once that is durable. */
export class AuditTellingStore implements SessionStore {
  readonly #own: SessionStore
  readonly #tell: (draft: AuditDraft) => void

  /** @param tell must not throw */
  constructor(own: SessionStore, tell: (draft: AuditDraft) => void) {
    this.#own = own
    this.#tell = tell
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
        // Whoever wrote hears of a lost batch; of what was in it there is nothing to tell.
        () => undefined,
      )
    }
    return answer
  }
}

import type { AuditDraft } from '../../audit/record/record.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../ports/work.ts'

/** A store that reports the appended audit records once they are durable. */
export class AuditTellingStore implements SessionStore {
  readonly lookups: StoreLookups
  readonly #own: SessionStore
  readonly #tell: (draft: AuditDraft) => void
  /** Records are told in the order of the audit, however late the store tells of some of them. */
  #told: Promise<unknown> = Promise.resolve()

  /** @param tell must not throw */
  constructor(own: SessionStore, tell: (draft: AuditDraft) => void) {
    this.lookups = own.lookups
    this.#own = own
    this.#tell = tell
  }

  submit(work: Work, urgency?: Urgency): Submitted {
    const submitted = this.#own.submit(work, urgency)
    const { outcome, durable } = submitted
    this.#told = Promise.all([outcome, durable, this.#told]).then(
      ([known]) => {
        if (known.kind === 'applied') known.records.forEach(this.#tell)
      },
      // Work that failed is reported to its writers, and holds no records to report.
      () => undefined,
    )
    return submitted
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.#own.rehearse(work)
  }
}

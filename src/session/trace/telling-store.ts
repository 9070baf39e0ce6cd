import type { AuditDraft } from '../../audit/record/record.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { RequestNews } from '../ports/uses/pending-request.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../ports/work.ts'
import { requestNewsOf } from './request-news.ts'

/** Told of what was written. Neither may throw. */
export interface WrittenObserver {
  recorded(draft: AuditDraft): void
  requestNews(news: RequestNews): void
}

/** A store that tells of the audit records that were appended, and of requests, once they are durable: whoever wrote them. */
export class TellingStore implements SessionStore {
  readonly lookups: StoreLookups
  readonly #own: SessionStore
  readonly #observer: WrittenObserver
  /** Records are told in the order of the audit, however late the store tells of some of them. */
  #told: Promise<unknown> = Promise.resolve()

  constructor(own: SessionStore, observer: WrittenObserver) {
    this.lookups = own.lookups
    this.#own = own
    this.#observer = observer
  }

  submit(work: Work, urgency?: Urgency): Submitted {
    const submitted = this.#own.submit(work, urgency)
    const { outcome, durable } = submitted
    this.#told = Promise.all([outcome, durable, this.#told]).then(
      ([known]) => this.#tell(work, known),
      // Work that failed is reported to its writers, and holds nothing to report.
      () => undefined,
    )
    return submitted
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.#own.rehearse(work)
  }

  #tell(work: Work, known: WorkOutcome): void {
    if (known.kind !== 'applied') return
    for (const draft of known.records) this.#observer.recorded(draft)
    work.forEach((write, place) => {
      for (const news of requestNewsOf(write, known.answers[place]))
        this.#observer.requestNews(news)
    })
  }
}

import type { StoreLookups } from './lookups.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from './work.ts'

/** The session core's only durable memory. */
export interface SessionStore {
  readonly lookups: StoreLookups
  /** Applies a piece of work, whole or not at all, and shares the commit with others. @param urgency by default `now` */
  submit(work: Work, urgency?: Urgency): Submitted
  /** Answers as `submit` would now, and writes nothing. Rejects with `StoreError`. */
  rehearse(work: Work): Promise<WorkOutcome>
}

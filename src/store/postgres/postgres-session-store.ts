import type { StoreLookups } from '../../session/ports/lookups.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../../session/ports/work.ts'
import { type CommitPace, LOOP_PACE } from '../commit/commit-pace.ts'
import { PATIENCE_MS, PatientWork } from '../commit/patient-work.ts'
import { type BatchItem, questionItem, rehearsalItem, workItem } from './batch/batch-item.ts'
import { BatchQueue } from './batch/batch-queue.ts'
import type { BatchPlace } from './batch/batch-runner.ts'
import { LOOKUP_NEEDS } from './batch/lookup-needs.ts'
import type { Needs } from './loads/needs.ts'

export interface PostgresSessionStoreInit {
  /** When a batch stops waiting for more work. @default turns of the event loop */
  readonly pace?: CommitPace
  /** The longest that work waits on whose strength nobody acts, ms. @default PATIENCE_MS */
  readonly patienceMs?: number
}

/**
 * The session core's memory in PostgreSQL. What is submitted is gathered, and a batch is applied here to the rows that it may touch:
 * one under way at a time, each in one transaction.
 */
export class PostgresSessionStore implements SessionStore {
  readonly lookups: StoreLookups
  readonly #queue: BatchQueue
  readonly #patient: PatientWork

  constructor(
    at: BatchPlace,
    { pace = LOOP_PACE, patienceMs = PATIENCE_MS }: PostgresSessionStoreInit = {},
  ) {
    this.#queue = new BatchQueue(at, pace)
    this.#patient = new PatientWork(patienceMs)
    this.lookups = askedBy((need, ask) => {
      const answer = Promise.withResolvers<unknown>()
      this.#add(questionItem(need, ask, answer))
      return answer.promise
    })
  }

  /** The number of commits so far. */
  get commits(): number {
    return this.#queue.commits
  }

  /** For how long the batch that is under way has been so, ms; 0 if none is. */
  get oldestCommitMs(): number {
    return this.#queue.oldestMs
  }

  /**
   * Calls `tell` at each commit, with the number of pieces of work and the ms that it took. One watcher at a time.
   * @returns a function that ends it
   */
  watchCommits(tell: (size: number, ms: number) => void): () => void {
    this.#queue.onCommitted = tell
    return () => {
      this.#queue.onCommitted = undefined
    }
  }

  submit(work: Work, urgency: Urgency = 'now'): Submitted {
    const outcome = Promise.withResolvers<WorkOutcome>()
    const durable = Promise.withResolvers<void>()
    // Whoever does not wait for it must not turn it into an unhandled rejection.
    for (const { promise } of [outcome, durable]) promise.catch(() => undefined)
    const item = workItem(work, { outcome, durable })
    if (urgency === 'now') this.#add(item)
    else this.#patient.add(() => this.#queue.add(item))
    return { outcome: outcome.promise, durable: durable.promise }
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    const outcome = Promise.withResolvers<WorkOutcome>()
    this.#add(rehearsalItem(work, outcome))
    return outcome.promise
  }

  /** Waits until all that was submitted is committed or has failed. */
  async settle(): Promise<void> {
    this.#patient.flush()
    await this.#queue.idle()
  }

  #add(item: BatchItem): void {
    this.#patient.flush()
    this.#queue.add(item)
  }
}

type Ask = (
  need: (needs: Needs) => void,
  ask: (lookups: StoreLookups) => Promise<unknown>,
) => Promise<unknown>

type Method = (...all: readonly unknown[]) => Promise<unknown>

/** Makes lookups of the needs of each. */
function askedBy(ask: Ask): StoreLookups {
  const subjects = Object.entries(LOOKUP_NEEDS).map(([subject, needsOf]) => {
    const methods = Object.entries(needsOf).map(([name, need]) => {
      const needs = need as (needs: Needs, ...all: readonly unknown[]) => void
      const method: Method = (...all) =>
        ask(
          (to) => needs(to, ...all),
          (lookups) => methodOf(lookups, subject, name)(...all),
        )
      return [name, method]
    })
    return [subject, Object.fromEntries(methods)]
  })
  // The table's type has all lookups, each with the arguments of just that one.
  return Object.fromEntries(subjects) as StoreLookups
}

function methodOf(lookups: StoreLookups, subject: string, name: string): Method {
  const methods = lookups as unknown as Readonly<Record<string, Readonly<Record<string, Method>>>>
  const method = methods[subject]?.[name]
  if (method === undefined) throw new TypeError(`there is no lookup ${subject}.${name}`)
  return method
}

import type { StoreLookups } from '../../../session/ports/lookups.ts'
import type { Work, WorkOutcome } from '../../../session/ports/work.ts'
import { applyWork } from '../../work/apply-work.ts'
import { WriteRefused } from '../../work/write-refused.ts'
import { isSearch } from '../loads/is-search.ts'
import { Needs } from '../loads/needs.ts'
import type { WorkingSet } from './working-set.ts'
import { type BatchFacts, needWrite, takesFence } from './write-needs.ts'

/** One part of a batch: a piece of work, or a question. */
export interface BatchItem {
  readonly kind: 'work' | 'question'
  /** It looks for rows that are not known before, so that it goes alone. */
  readonly isSearch: boolean
  /** How many fences it may take. */
  readonly fences: number
  /** It is none: the failure of its needs. */
  readonly problem?: unknown
  /** Tells what it has to know. */
  need(facts: BatchFacts): void
  /**
   * Does it on what was loaded, perhaps several times.
   * @returns a function that tells of the outcome, once all of the batch is committed
   */
  run(set: WorkingSet): () => void
  /** Tells that it came to nothing. */
  fail(error: unknown): void
}

/** The promises of a piece of work. */
export interface WorkPromises {
  readonly outcome: PromiseWithResolvers<WorkOutcome>
  readonly durable: PromiseWithResolvers<void>
}

export function workItem(work: Work, promises: WorkPromises): BatchItem {
  const fail = (error: unknown): void => {
    promises.outcome.reject(error)
    promises.durable.reject(error)
  }
  return {
    kind: 'work',
    ...natureOf((facts) => needAll(facts, work)),
    fences: work.filter(takesFence).length,
    run: ({ rows: { changes }, tables }) => {
      try {
        const done = changes.keep(() => applyWork(tables, work))
        return () => arrived(promises, { kind: 'applied', ...done })
      } catch (error) {
        if (!(error instanceof WriteRefused)) return () => fail(error)
        const { at, why } = error
        return () => arrived(promises, { kind: 'lost', at, why })
      }
    },
    fail,
  }
}

/** The outcome is known before it is durable. */
function arrived({ outcome, durable }: WorkPromises, known: WorkOutcome): void {
  outcome.resolve(known)
  durable.resolve(outcome.promise.then(() => undefined))
}

/** A piece of work of which only the outcome is wanted. */
export function rehearsalItem(
  work: Work,
  { resolve, reject }: PromiseWithResolvers<WorkOutcome>,
): BatchItem {
  return {
    kind: 'work',
    ...natureOf((facts) => needAll(facts, work)),
    fences: work.filter(takesFence).length,
    run: ({ rows: { changes }, tables }) => {
      try {
        const done = changes.rehearse(() => applyWork(tables, work))
        return () => resolve({ kind: 'applied', ...done })
      } catch (error) {
        if (!(error instanceof WriteRefused)) return () => reject(error)
        const { at, why } = error
        return () => resolve({ kind: 'lost', at, why })
      }
    },
    fail: reject,
  }
}

/** A question, which is asked of lookups that answer at once from what was loaded. */
export function questionItem<Answer>(
  need: (needs: Needs) => void,
  ask: (lookups: StoreLookups) => Promise<Answer>,
  { resolve, reject }: PromiseWithResolvers<Answer>,
): BatchItem {
  return {
    kind: 'question',
    ...natureOf(({ needs }) => need(needs)),
    fences: 0,
    run: ({ lookups }) => {
      const answer = ask(lookups)
      // It is told later, and may be told anew before.
      answer.catch(() => undefined)
      return () => resolve(answer)
    },
    fail: reject,
  }
}

function needAll(facts: BatchFacts, work: Work): void {
  for (const write of work) needWrite(facts, write)
}

/** Facts for which a part is asked what it is. */
const ANY = { size: 1, pruned: { looked: 0, lookedAgain: 0 } }

function natureOf(
  need: BatchItem['need'],
): Pick<BatchItem, 'isSearch' | 'need'> & { readonly problem?: unknown } {
  const needs = new Needs()
  try {
    need({ needs, ...ANY })
  } catch (problem) {
    return { isSearch: false, need, problem }
  }
  return { isSearch: [...needs.take().keys()].some(isSearch), need }
}

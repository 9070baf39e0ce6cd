import type { AuditDraft } from '../../audit/record/record.ts'
import type { Answer, AnswerTo, LossReason, Write } from './write.ts'

/** Writes that are applied together, in their order: all of them, or none. */
export type Work = readonly Write[]

/** A piece of work that was applied. */
export interface Applied {
  readonly kind: 'applied'
  /** By the place of the write. */
  readonly answers: readonly Answer[]
  /** The audit records that came of it, in their order. */
  readonly records: readonly AuditDraft[]
}

/** A piece of work of which nothing was applied, because something that it rests on is no longer so. */
export interface Lost {
  readonly kind: 'lost'
  /** The place of the write that was refused. */
  readonly at: number
  readonly why: LossReason
}

export type WorkOutcome = Applied | Lost

/** `soon`: nobody acts on its strength, so it may wait a little for other work, and share the commit. */
export type Urgency = 'now' | 'soon'

/** A piece of work on its way. */
export interface Submitted {
  /**
   * Provisional until `durable` resolves: many pieces of work share one commit. Nothing that rests on it may leave before
   * that. Rejects with `StoreError`.
   */
  readonly outcome: Promise<WorkOutcome>
  /**
   * Resolves after `outcome`, when that can not be taken back any more, be it that nothing was applied. Rejects with
   * `StoreError` if it never will.
   */
  readonly durable: Promise<void>
}

/** Returns the answer to the first write of that kind. @throws TypeError if there is none */
export function answerTo<Op extends keyof AnswerTo>(
  op: Op,
  work: Work,
  { answers }: Pick<Applied, 'answers'>,
): AnswerTo[Op] {
  const place = work.findIndex((write) => write.op === op)
  const answer = answers[place]
  if (answer === undefined) throw new TypeError(`nothing was answered to ${op}`)
  // The engine answers each write by its place.
  return answer as AnswerTo[Op]
}

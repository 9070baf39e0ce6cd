import type { StoreLookups } from '../../../src/session/ports/lookups.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { Submitted, Work, WorkOutcome } from '../../../src/session/ports/work.ts'
import type { Answer, AnswerTo, Write } from '../../../src/session/ports/write.ts'
import type { BugSite } from './planted-bug.ts'

type Op = Write['op']
export type WriteOf<Each extends Op> = Extract<Write, { readonly op: Each }>

/** What is done to writes of some kinds. */
export interface Alterations {
  /** Replaces a write. */
  readonly writes?: { readonly [Each in Op]?: (write: WriteOf<Each>) => Write }
  /** Replaces the answer to a write. */
  readonly answers?: {
    readonly [Each in keyof AnswerTo]?: (
      answer: AnswerTo[Each],
      write: WriteOf<Each>,
    ) => AnswerTo[Each]
  }
  /** Spoils rows in the same transaction, before the work. */
  readonly before?: { readonly [Each in Op]?: (write: WriteOf<Each>) => void }
  /** And after it, if it was applied. */
  readonly after?: { readonly [Each in Op]?: (write: WriteOf<Each>) => void }
  readonly lookups?: (own: StoreLookups) => Partial<StoreLookups>
}

/** The same store, with some of what goes in, comes out or is kept altered. */
export function alteredStore(
  own: SessionStore,
  { beside }: BugSite,
  { writes, answers, before, after, lookups }: Alterations,
): SessionStore {
  return {
    lookups: { ...own.lookups, ...lookups?.(own.lookups) },
    rehearse: (work) => own.rehearse(work),
    submit: (work) => {
      const spoiling = {
        begun: () => each(before, work),
        ending: () => each(after, work),
      }
      const altered = work.map((write): Write => tableOf(writes)[write.op]?.(write) ?? write)
      const submitted = beside(spoiling, () => own.submit(altered))
      if (answers === undefined) return submitted
      const known = submitted.outcome.then((outcome) => reanswered(outcome, work, tableOf(answers)))
      return quiet({ ...submitted, outcome: known })
    },
  }
}

type Table = Readonly<Partial<Record<Op, (...given: unknown[]) => never>>>

/** The types of the tables pair each write with what is for just that one. */
function tableOf(table: object | undefined): Table {
  return table ?? {}
}

function each(table: object | undefined, work: Work): void {
  for (const write of work) tableOf(table)[write.op]?.(write)
}

function reanswered(outcome: WorkOutcome, work: Work, table: Table): WorkOutcome {
  if (outcome.kind === 'lost') return outcome
  const answers = work.map((write, place): Answer => {
    const answer = outcome.answers[place]
    const alter = table[write.op]
    return alter === undefined ? answer : alter(answer, write)
  })
  return { ...outcome, answers }
}

/** The same store, with what becomes of each piece of work altered. */
export function alteredWorks(own: SessionStore, submit: (work: Work) => Submitted): SessionStore {
  return {
    lookups: own.lookups,
    rehearse: (work) => own.rehearse(work),
    submit: (work) => quiet(submit(work)),
  }
}

/** Whoever does not wait for it must not turn it into an unhandled rejection. */
function quiet(submitted: Submitted): Submitted {
  submitted.outcome.catch(() => undefined)
  submitted.durable.catch(() => undefined)
  return submitted
}

/** Changes nothing, in the place of another write. */
export const NOTHING: Write = { op: 'rememberTime', at: 0 }

/** Replace one answer of a machine's table for a while. The types of tables are readonly; the objects are not. */
export function alteredRow<Row extends object, Event extends keyof Row>(
  row: Row,
  event: Event,
  make: (original: Row[Event]) => Row[Event],
): () => void {
  const original = row[event]
  Reflect.set(row, event, make(original))
  return () => void Reflect.set(row, event, original)
}

/** Several at once. */
export function allOf(...undo: readonly (() => void)[]): () => void {
  return () => {
    for (const each of undo) each()
  }
}

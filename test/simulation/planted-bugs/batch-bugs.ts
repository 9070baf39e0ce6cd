import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { Work, WorkOutcome } from '../../../src/session/ports/work.ts'
import type { Answer, Write } from '../../../src/session/ports/write.ts'
import type { PlantedBug } from './planted-bug.ts'
import { alteredWorks } from './planting.ts'

/** What an engine may do wrong that takes many pieces of work into one commit. */
export const BATCH_BUGS: readonly PlantedBug[] = [
  {
    name: 'two pieces of work are applied in the wrong order',
    breaks: ['I7', 'liveness'],
    store: swapped,
  },
  {
    name: 'a piece of work is applied twice',
    breaks: ['I7', 'liveness'],
    store: (own) =>
      alteredWorks(own, (work) => {
        const submitted = own.submit(work)
        own.submit(work)
        return submitted
      }),
  },
  {
    name: 'of a piece of work only the first writes are applied',
    breaks: ['I2', 'I3', 'I4', 'I7', 'liveness'],
    store: (own) =>
      alteredWorks(own, (work) => {
        const outcome = own.rehearse(work)
        const { durable } = own.submit(work.slice(0, Math.ceil(work.length / 2)))
        return { outcome, durable }
      }),
  },
  {
    name: 'a piece of work is answered with what became of another one',
    breaks: ['H2', 'I1', 'I2', 'I4', 'liveness'],
    store: (own) => {
      const before = new Map<string, Promise<WorkOutcome>>()
      return alteredWorks(own, (work) => {
        const alike = work.map(({ op }) => op).join()
        const { outcome, durable } = own.submit(work)
        const other = before.get(alike) ?? outcome
        before.set(alike, outcome)
        return { outcome: other, durable }
      })
    },
  },
  {
    name: 'a piece of work that was lost is told as applied',
    breaks: ['I2', 'I4', 'I7'],
    store: (own) =>
      retold(own, (outcome, work) =>
        outcome.kind === 'applied'
          ? outcome
          : { kind: 'applied', answers: work.map(likelyAnswer), records: [] },
      ),
  },
  {
    name: 'a piece of work that was applied is told as lost',
    breaks: ['I1', 'I2', 'I4', 'I7', 'liveness'],
    store: (own) =>
      retold(own, (outcome, work) => {
        const at = work.findIndex(({ op }) => op === 'commit' || op === 'keepTally')
        return at < 0 ? outcome : { kind: 'lost', at, why: 'fence' }
      }),
  },
  {
    name: 'the answer to a write is given to the one after it',
    breaks: ['liveness'],
    store: (own) =>
      retold(own, (outcome) =>
        outcome.kind === 'lost'
          ? outcome
          : { ...outcome, answers: [undefined, ...outcome.answers.slice(0, -1)] },
      ),
  },
]

/** The same store, that tells something else of what became of the work. */
function retold(
  own: SessionStore,
  tell: (outcome: WorkOutcome, work: Work) => WorkOutcome,
): SessionStore {
  return alteredWorks(own, (work) => {
    const { outcome, durable } = own.submit(work)
    return { outcome: outcome.then((known) => tell(known, work)), durable }
  })
}

/** What is told of a write that goes well. */
function likelyAnswer(write: Write): Answer {
  switch (write.op) {
    case 'commit':
      return { isLast: false }
    case 'release':
      return { isReleased: true }
    case 'keepTally':
      return { kept: write.tally }
    default:
      return {}
  }
}

/** Tells what would become of a piece of work, and applies it after the next one, if that comes soon. */
function swapped(own: SessionStore): SessionStore {
  let applyHeld: (() => void) | undefined
  return alteredWorks(own, (work) => {
    if (applyHeld !== undefined) {
      const submitted = own.submit(work)
      applyHeld()
      return submitted
    }
    const outcome = own.rehearse(work)
    const { promise: durable, resolve } = Promise.withResolvers<void>()
    const apply = (): void => {
      if (applyHeld !== apply) return
      applyHeld = undefined
      resolve(own.submit(work).durable)
    }
    applyHeld = apply
    outcome.then(() => own.rehearse(work)).then(apply, apply)
    return { outcome, durable }
  })
}

import type { Work } from '../../../../src/session/ports/work.ts'
import { NO_WRITE } from '../store-driver.ts'
import { Pools } from './pools.ts'
import { RandomWorks } from './random-works.ts'
import type { Outcome, TwoEngines } from './two-engines.ts'

/** One of its writes is none. */
const NO_WORK: Work = [{ op: 'endAttempt', attemptId: 'none' }, NO_WRITE]

interface ComparedRun {
  readonly seed: number
  readonly steps: number
  readonly next: (works: RandomWorks) => Work
  /** Hears of each work, and what came of it. */
  readonly note: (work: Work, outcome: Outcome) => void
  /** Compares all that is stored. */
  readonly compareRows: () => void | Promise<void>
}

/** Gives both engines the same works, at random, and compares all that comes of it. */
export async function compareRun(
  engines: TwoEngines,
  { seed, steps, next, note, compareRows }: ComparedRun,
): Promise<void> {
  const from = new Pools(seed)
  const works = new RandomWorks(from)
  await engines.issueTokens()
  for (let step = 0; step < steps; step += 1) {
    await from.look(engines.sql)
    if (from.chance(0.05)) await engines.addChunk(from.tallyId(), from.random.bytes(3))
    const work = from.chance(0.03) ? NO_WORK : next(works)
    // What a pruner has looked at is no row: SQLite's does not look again after a rehearsal.
    const isRehearsed = from.chance(0.15) && work.every(({ op }) => op !== 'pruneHistory')
    const outcome = isRehearsed ? await engines.rehearse(work) : await engines.submit(work)
    note(work, outcome)
    if (!isRehearsed && outcome.kind !== 'failed') from.learn(work, outcome)
    if (step % 3 === 0) await engines.compare(from)
    if (step % 5 === 0) await compareRows()
  }
  await compareRows()
}

import { describe, expect, it } from 'vitest'
import type { Work } from '../../../../src/session/ports/work.ts'
import { MemoryStore } from '../../../../src/store/memory/memory-store.ts'
import { NO_WRITE } from '../store-driver.ts'
import { Pools } from './pools.ts'
import { OPS, RandomWorks } from './random-works.ts'
import { TwoEngines } from './two-engines.ts'

const SEEDS = 26
const STEPS = 300

/** Writes that may come too late. */
const CONDITIONAL = [
  ...['finishRemoval', 'failRemoval', 'hastenRemoval', 'withdrawOffer', 'forgetToken'],
  ...['removeAttempt', 'freeLease', 'removeDocument'],
]

/** Everything that came of writes so far: the ends of works, and the answers to each kind of write. */
const seen = new Set<string>()

/** One of its writes is none. */
const NO_WORK: Work = [{ op: 'endAttempt', attemptId: 'none' }, NO_WRITE]

async function run(seed: number, engines: TwoEngines): Promise<void> {
  const from = new Pools(seed)
  const works = new RandomWorks(from)
  await engines.issueTokens()
  for (let step = 0; step < STEPS; step += 1) {
    await from.look(engines.sql)
    if (from.chance(0.05)) await engines.addChunk(from.tallyId(), from.random.bytes(3))
    const work = from.chance(0.03) ? NO_WORK : works.next()
    // What a pruner has looked at is no row: SQLite's does not look again after a rehearsal.
    const isRehearsed = from.chance(0.15) && work.every(({ op }) => op !== 'pruneHistory')
    const outcome = isRehearsed ? await engines.rehearse(work) : await engines.submit(work)
    note(work, outcome)
    if (!isRehearsed && outcome.kind !== 'failed') from.learn(work, outcome)
    if (step % 3 === 0) await engines.compare(from)
    if (step % 5 === 0) engines.compareRows()
  }
  engines.compareRows()
}

function note(work: Work, outcome: Awaited<ReturnType<TwoEngines['submit']>>): void {
  if (outcome.kind === 'failed') seen.add('failed')
  else if (outcome.kind === 'lost') seen.add(`${work[outcome.at]?.op} lost: ${outcome.why}`)
  else for (const [at, { op }] of work.entries()) seen.add(`${op}: ${inShort(outcome.answers[at])}`)
}

/** The members of an answer that tell it from others. */
function inShort(answer: object | undefined): string {
  if (answer === undefined) return 'done'
  return Object.entries(answer)
    .map(([name, value]) => {
      return typeof value === 'boolean' || NAMING.has(name) ? `${name} ${value}` : name
    })
    .join(' ')
}

const NAMING = new Set(['kind', 'code', 'result', 'why'])

/** Refusals, and the answers that one kind of write may have. */
const ENDS = [
  'failed',
  'saveSession lost: over',
  ...['approve', 'intendProvision', 'delegate'].flatMap((op) => [
    `${op} lost: fence`,
    `${op} lost: revoked`,
  ]),
  'commit lost: fence',
  'commit lost: taken',
  'beginAttempt lost: busy',
  'quoteLease lost: fence',
  'keepTally lost: overtaken',
  ...['busy', 'declined', 'expired', 'mismatch', 'revoked', 'used', 'withdrawn'].map(
    (code) => `reserve: kind refused code ${code} reason`,
  ),
  'reserve: kind refused code in_progress reason retryAfterMs',
  'reserve: kind refused code busy reason retryAfterMs',
  'reserve: kind refused code offer_changed reason',
  'reserve: kind reserved claim offered',
  'reserve: kind replayed claim tallyId',
  'reserve: kind replayed claim tallyId offered',
  'reserve: kind unasked',
  'reserve: kind unasked byHand true',
  'reserve: kind refused code pending reason retryAfterMs pendingUntil',
  'reserve: kind refused code denied reason',
  'keepRequest: kind kept request',
  'keepRequest: kind kept request replaced',
  ...['denied', 'mismatch', 'used'].map((code) => `keepRequest: kind refused code ${code} reason`),
  'approveRequest: kind approved request claim',
  'denyRequest: kind denied request',
  'denyRequest: kind denied request claim',
  'denyRequest: kind denied request others',
  ...['gone', 'lapsed', 'no_use', 'approved'].map(
    (why) => `approveRequest: kind none why ${why}${why === 'gone' ? '' : ' request'}`,
  ),
  'denyRequest: kind none why under_way request',
  'endRequest: ended',
  'decline: ended',
  'resume: grant outcome',
  'resume: outcome',
  'intendProvision: claim',
  'commit: isLast true',
  'confirm: isKnown false isWithdrawn true',
  'confirm: isKnown true tallyId tokenId isNews false',
  'release: isReleased false',
  'release: isReleased true request',
  ...['true', 'false'].map((news) => `noteLostUse: isNews ${news} isStopped true`),
  'noteWithdrawn: tallyId',
  'oweRemoval: claim',
  'withdrawRemoval: claim',
  ...['claimed', 'taken', 'wanted', 'left'].map((result) => `claimRemoval: result ${result}`),
  ...CONDITIONAL.flatMap((op) => [`${op}: isDone true`, `${op}: isDone false`]),
  'noteExpiries: expired',
  'keepCheckpoint: record alarm',
]

describe('two engines that are given the same works', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    it(`have the same outcomes, answers, records and lookups, of seed ${seed}`, async () => {
      const turns = seed % 2
      const engines = new TwoEngines(new MemoryStore({ turns }))
      try {
        await run(seed, engines)
      } finally {
        engines.close()
      }
    })
  }

  it('have come by everything that may come of a write', () => {
    expect(OPS.filter((op) => ![...seen].some((each) => each.startsWith(`${op}: `)))).toEqual([])
    expect(ENDS.filter((each) => !seen.has(each))).toEqual([])
  })
})

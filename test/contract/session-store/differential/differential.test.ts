import { describe, expect, it } from 'vitest'
import type { Work } from '../../../../src/session/ports/work.ts'
import { MemoryStore } from '../../../../src/store/memory/memory-store.ts'
import { compareRun } from './compare-run.ts'
import { OPS } from './random-works.ts'
import { type Outcome, TwoEngines } from './two-engines.ts'

const SEEDS = 28
const STEPS = 300

/** Writes that may come too late. */
const CONDITIONAL = [
  ...['finishRemoval', 'failRemoval', 'hastenRemoval', 'withdrawOffer', 'forgetToken'],
  ...['removeAttempt', 'freeLease', 'removeDocument'],
]

/** Everything that came of writes so far: the ends of works, and the answers to each kind of write. */
const seen = new Set<string>()

function note(work: Work, outcome: Outcome): void {
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
      const plain = new MemoryStore({ turns })
      const engines = new TwoEngines(plain)
      try {
        await compareRun(engines, {
          ...{ seed, steps: STEPS },
          next: (works) => works.next(),
          note,
          compareRows: () => engines.compareRows(plain),
        })
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

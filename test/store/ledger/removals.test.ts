import { beforeEach, describe, expect, it } from 'vitest'
import type { RemovalOrder } from '../../../src/session/ports/store.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'

const T0 = Date.UTC(2030, 0, 1)
const MINE = { owner: 'p/1', until: T0 + 30_000 }
const THEIRS = { owner: 'q/2', until: T0 + 60_000 }

const ORDER: RemovalOrder = {
  tallyId: 'tally',
  redemptionId: 'r',
  fence: 1,
  sessionId: 's',
  peerId: 'bob',
  reason: 'timed_out',
}

let store: Store

const run = <Result>(work: Parameters<typeof store.transact<Result>>[0]): Result =>
  store.transact(work).value
const owe = (more: Partial<RemovalOrder> = {}, dueAt: number = T0) =>
  run((each) => each.oweRemoval({ ...ORDER, ...more }, T0, dueAt))
const claim = (lease = MINE, tallyId = 'tally') => run((each) => each.claimRemoval(tallyId, lease))
const find = () => run((each) => each.findRemoval('tally'))
const finish = (owner = MINE.owner) => run((each) => each.finishRemoval('tally', owner))

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

describe('a removal that is owed', () => {
  it('tells who has claimed it, to whoever finds it or owes it again', () => {
    expect(owe()).toBeUndefined()
    expect(find()).toEqual({ ...ORDER, since: T0, tries: 0, nextAt: T0 })
    claim()
    expect(find()).toEqual({ ...ORDER, since: T0, tries: 0, nextAt: T0, claim: MINE })
    expect(owe()).toEqual(MINE)
    claim(THEIRS)
    expect(find()?.claim).toEqual(THEIRS)
  })

  it('is over once whoever claimed it has removed it', () => {
    owe()
    claim()
    expect([finish(), find(), finish()]).toEqual([true, undefined, false])
  })

  it('is removed once more if it was owed again meanwhile', () => {
    owe()
    claim()
    owe({ sessionId: 'later' }, T0 + 5)
    expect(finish()).toBe(false)
    expect(find()).toEqual({ ...ORDER, sessionId: 'later', since: T0, tries: 0, nextAt: T0 + 5 })
    claim(THEIRS)
    expect([finish(THEIRS.owner), find()]).toEqual([true, undefined])
  })

  it('stays put off by who is about to build it, though whoever removed it failed', () => {
    const fail = (nextAt: number) =>
      run((each) => each.failRemoval('tally', MINE.owner, 'away', nextAt))
    owe()
    claim()
    owe({ sessionId: 'later' }, T0 + 30_000)
    fail(T0 + 1_000)
    expect(find()).toMatchObject({ tries: 1, nextAt: T0 + 30_000 })
    claim()
    fail(T0 + 1_000)
    expect(find()).toMatchObject({ tries: 2, nextAt: T0 + 1_000 })
    claim()
    owe()
    fail(T0 + 2_000)
    expect(find()).toMatchObject({ tries: 3, nextAt: T0 + 2_000 })
  })

  it('is not settled by whom it was taken over from', () => {
    owe()
    claim()
    claim(THEIRS)
    expect(finish()).toBe(false)
    run((each) => each.failRemoval('tally', MINE.owner, 'away', T0 + 1))
    expect(find()).toMatchObject({ tries: 0, claim: THEIRS })
    run((each) => each.settleRemoval('tally'))
    owe({ sessionId: 'later' })
    expect([finish(), finish(THEIRS.owner), find()?.sessionId]).toEqual([false, false, 'later'])
  })

  it('that could not be done is free again, and tried later', () => {
    owe()
    claim()
    owe()
    run((each) => each.failRemoval('tally', MINE.owner, 'away', T0 + 1_000))
    const failed = { ...ORDER, since: T0, tries: 1, nextAt: T0 + 1_000, lastError: 'away' }
    expect(find()).toEqual(failed)
    claim(THEIRS)
    // What was owed again before that attempt is done with it.
    expect(finish(THEIRS.owner)).toBe(true)
  })

  it('is settled whoever has claimed it, and tells what it was', () => {
    owe()
    claim()
    expect(run((each) => each.settleRemoval('tally'))).toMatchObject({ ...ORDER, claim: MINE })
    expect(run((each) => each.settleRemoval('tally'))).toBeUndefined()
  })
})

it('what is claimed is due too, after all that is not', () => {
  for (const [index, tallyId] of ['one', 'two', 'three', 'four'].entries())
    owe({ tallyId }, T0 + index)
  claim(MINE, 'one')
  claim(THEIRS, 'three')
  const due = (limit: number) =>
    run((each) => each.dueRemovals(T0 + 10, limit)).map(({ tallyId }) => tallyId)
  expect(due(10)).toEqual(['two', 'four', 'one', 'three'])
  expect(due(2)).toEqual(['two', 'four'])
})

it('a claim from a time that was wrong does not stand for ever', async () => {
  const wrong = { owner: '/1', until: T0 + 365 * 86_400_000 }
  owe()
  claim(wrong)
  await store.write(({ time }) => time.reset(T0, T0 + 1_000))
  expect(find()?.claim).toEqual({ ...wrong, until: T0 + 1_000 })
})

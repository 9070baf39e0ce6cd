import { describe, expect, it } from 'vitest'
import type { ClientHistory } from './client-history.ts'
import type { BrokenPromise } from './complaint.ts'
import {
  ask,
  BOB,
  CAROL,
  DAVE,
  given,
  historyOf,
  receiptOf,
  refused,
  storedOf,
  use,
} from './hand-made.ts'
import { judgeHistory } from './judge-history.ts'
import type { StoredState } from './stored-state.ts'

type Case = readonly [history: ClientHistory, stored: StoredState]

const bobs = use('one', BOB)
const carols = use('one', CAROL)
const onlyBobs = storedOf({ one: 1 }, bobs)

/** Ways in which it may go well. */
const GOOD: Readonly<Record<string, Case>> = {
  'one of two gets the only use': [
    historyOf(ask('one', BOB, 1, given(bobs, 5)), ask('one', CAROL, 2, refused('used', 6))),
    onlyBobs,
  ],
  'one waits for another that may fail': [
    historyOf(
      ask('one', CAROL, 1),
      ask('one', BOB, 2, refused('in_progress', 3)),
      ask('one', BOB, 9, given(bobs, 12)),
    ),
    onlyBobs,
  ],
  'a word is lost, and the next one tells of the same tally': [
    historyOf(
      ask('one', BOB, 1),
      ask('one', BOB, 5, given(bobs, 7)),
      ask('one', BOB, 8, given(bobs, 9)),
    ),
    onlyBobs,
  ],
  'a client that heard nothing has a use': [historyOf(ask('one', BOB, 1)), onlyBobs],
  'a use is given back, and somebody else gets it': [
    historyOf(ask('one', BOB, 1), ask('one', CAROL, 50, given(use('one', CAROL, 2), 60))),
    storedOf({ one: 1 }, { ...bobs, state: 'released' }, use('one', CAROL, 2)),
  ],
  'two who ask for another get two': [
    historyOf(
      ask('any', BOB, 1, given(use('any', BOB, 1), 2)),
      { ...ask('any', BOB, 3, given(use('any', BOB, 2), 4)), another: true },
      ask('any', CAROL, 3, given(use('any', CAROL, 3), 4)),
    ),
    storedOf({ any: null }, use('any', BOB, 1), use('any', BOB, 2), use('any', CAROL, 3)),
  ],
  'what was asked for before a no is told after it': [
    {
      ...historyOf(
        ask('one', BOB, 1),
        ask('one', BOB, 9, given(bobs, 10)),
        ask('one', CAROL, 9, refused('denied', 10)),
      ),
      closings: [
        { tokenId: 'one', client: BOB, at: 4 },
        { tokenId: 'one', client: CAROL, at: 4 },
      ],
    },
    onlyBobs,
  ],
}

/** Ways in which it must not go, and what is broken. */
const BAD: Readonly<Record<string, readonly [BrokenPromise, ...Case]>> = {
  'an acknowledged tally is not there': [
    'lost',
    historyOf(ask('one', BOB, 1, given(bobs, 2))),
    storedOf({ one: 1 }),
  ],
  'an acknowledged use was released': [
    'lost',
    historyOf(ask('one', BOB, 1, given(bobs, 2))),
    storedOf({ one: 1 }, { ...bobs, state: 'released' }),
  ],
  'a client keeps what the inviter does not have': [
    'lost',
    historyOf(ask('one', BOB, 1)),
    { ...onlyBobs, tallies: [] },
  ],
  'one request came to two tallies': [
    'doubled',
    historyOf(ask('any', BOB, 1), ask('any', BOB, 2, given(use('any', BOB, 2), 3))),
    storedOf({ any: null }, use('any', BOB, 1), use('any', BOB, 2)),
  ],
  'a client was told of two tallies': [
    'doubled',
    historyOf(
      ask('one', BOB, 1, given({ ...bobs, tallyId: 't-other' }, 2)),
      ask('one', BOB, 3, given(bobs, 4)),
    ),
    onlyBobs,
  ],
  'one use was given to two clients': [
    'doubled',
    historyOf(ask('two', BOB, 1), ask('two', CAROL, 1)),
    storedOf({ two: 2 }, use('two', BOB), { ...use('two', CAROL, 2), slot: 1 }),
  ],
  'two clients were told of one tally': [
    'shared',
    historyOf(ask('one', BOB, 1, given(bobs, 2)), ask('one', CAROL, 1, given(carols, 2))),
    onlyBobs,
  ],
  'more uses are taken than there are': [
    'overspent',
    historyOf(ask('one', BOB, 1), ask('one', CAROL, 1)),
    storedOf({ one: 1 }, bobs, use('one', CAROL, 2)),
  ],
  'a client was told `used` while there was room': [
    'turned away',
    historyOf(
      ask('two', BOB, 1, given(use('two', BOB), 2)),
      ask('two', CAROL, 3, refused('used', 4)),
    ),
    storedOf({ two: 2 }, use('two', BOB)),
  ],
  'a client was told `used` before the use was taken': [
    'turned away',
    historyOf(ask('one', CAROL, 1, refused('used', 2)), ask('one', BOB, 3, given(bobs, 4))),
    onlyBobs,
  ],
  'a client had to wait for nobody': [
    'turned away',
    historyOf(
      ask('two', CAROL, 1, refused('used', 2)),
      ask('two', BOB, 1, given(use('two', BOB), 2)),
      ask('two', DAVE, 5, refused('in_progress', 6)),
    ),
    storedOf({ two: 2 }, use('two', BOB)),
  ],
  'a standing invitation was used up': [
    'turned away',
    historyOf(ask('any', BOB, 1, refused('used', 2))),
    storedOf({ any: null }),
  ],
  'a receipt is not signed by the client': [
    'receipt',
    historyOf(
      ask('one', BOB, 1, {
        ...given(bobs, 2),
        receipt: { ...receiptOf(bobs), signatures: {} },
      } as never),
    ),
    onlyBobs,
  ],
  'a receipt is of another tally': [
    'receipt',
    historyOf(
      ask('one', BOB, 1, { ...given(bobs, 2), receipt: receiptOf(use('one', BOB, 7)) } as never),
    ),
    onlyBobs,
  ],
  'there is no receipt': [
    'receipt',
    historyOf(ask('one', BOB, 1, { ...given(bobs, 2), receipt: undefined } as never)),
    onlyBobs,
  ],
  'the audit of a node does not verify': [
    'chain',
    historyOf(ask('one', BOB, 1)),
    {
      ...onlyBobs,
      chains: [...onlyBobs.chains, { node: 'node-3', problem: 'a gap', committed: [] }],
    },
  ],
  'two nodes have recorded one commit': [
    'recorded',
    historyOf(ask('one', BOB, 1)),
    { ...onlyBobs, chains: onlyBobs.chains.map((each) => ({ ...each, committed: ['r-one-1'] })) },
  ],
  'a commit that nobody has recorded': [
    'recorded',
    historyOf(ask('one', BOB, 1)),
    { ...onlyBobs, chains: [] },
  ],
  'a client was given something after a no': [
    'closed',
    {
      ...historyOf(ask('one', BOB, 5, given(bobs, 6))),
      closings: [{ tokenId: 'one', client: BOB, at: 4 }],
    },
    onlyBobs,
  ],
  'a client was given something on a revoked token': [
    'closed',
    {
      ...historyOf(ask('one', BOB, 1, refused('busy', 2)), ask('one', BOB, 5, given(bobs, 6))),
      closings: [{ tokenId: 'one', at: 4 }],
    },
    onlyBobs,
  ],
  'an answer was taken back': [
    'taken back',
    historyOf(ask('one', BOB, 1, given(bobs, 2)), ask('one', BOB, 3, refused('used', 4))),
    onlyBobs,
  ],
  'somebody has what nobody asked for': ['unasked', historyOf(ask('one', CAROL, 1)), onlyBobs],
  'the two sides have other drafts': [
    'differs',
    historyOf(ask('one', BOB, 1)),
    { ...onlyBobs, kept: onlyBobs.kept.map((each) => ({ ...each, draft: '1'.repeat(64) })) },
  ],
}

describe('a history', () => {
  for (const [name, [history, stored]] of Object.entries(GOOD)) {
    it(`in which ${name} is good`, () => {
      expect(judgeHistory(history, stored)).toEqual([])
    })
  }

  for (const [name, [broken, history, stored]] of Object.entries(BAD)) {
    it(`in which ${name} is found: ${broken}`, () => {
      const found = judgeHistory(history, stored)
      expect(found.map((each) => each.broken)).toContain(broken)
    })
  }
})

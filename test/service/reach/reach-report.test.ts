import { expect, test } from 'vitest'
import {
  bestProof,
  isReached,
  type ReachProof,
  unreachableBy,
} from '../../../src/service/reach/reach-report.ts'

function proof(by: ReachProof['by'], problem?: string): ReachProof {
  return {
    address: `${by} ${problem}`,
    by,
    triedAt: 1,
    ...(problem === undefined ? {} : { problem }),
  }
}

function outside(end: 'proven' | 'problem' | 'untried', by = proof('self')): ReachProof {
  const told = end === 'proven' ? { provenAt: 1 } : { [end]: 'could not connect' }
  return { ...by, outside: { relay: '/ip4/8.8.8.8/tcp/1', triedAt: 1, ...told } }
}

const [HERE, NOT_HERE] = [proof('self'), proof('self', 'cut')]
const [RELAYED, NOT_RELAYED] = [proof('relay'), proof('relay', 'away')]
const OUTSIDE = outside('proven', NOT_HERE)
const [NOT_OUTSIDE, UNTRIED] = [outside('problem'), outside('untried')]

test.each([
  ['the relay that works', [HERE, NOT_RELAYED, RELAYED], RELAYED, true],
  [
    'the relay that does not, before this computer’s own address',
    [HERE, NOT_RELAYED],
    NOT_RELAYED,
    false,
  ],
  ['without a relay, what works', [NOT_HERE, HERE], HERE, true],
  [
    'from outside, also where its own router lets nobody in again',
    [RELAYED, OUTSIDE],
    OUTSIDE,
    true,
  ],
  ['the relay that works, where nobody comes in directly', [NOT_OUTSIDE, RELAYED], RELAYED, true],
  [
    'that nobody comes in, before what this computer has found out',
    [HERE, NOT_OUTSIDE],
    NOT_OUTSIDE,
    false,
  ],
  ['what works, where nobody tried from outside', [UNTRIED, NOT_RELAYED], NOT_RELAYED, false],
  ['its own try, where nobody else did', [NOT_HERE, UNTRIED], UNTRIED, true],
  ['where nothing works, the first', [NOT_HERE], NOT_HERE, false],
  ['nothing, where nothing was tried', [], undefined, false],
])('the best proof is %s', (_, report, best, reached) => {
  expect(bestProof(report)).toBe(best)
  expect(isReached(report)).toBe(reached)
})

test('a listener that was met nowhere names each address and why', () => {
  expect(unreachableBy([NOT_HERE]).message).toContain('self cut: cut')
})

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

const [HERE, NOT_HERE] = [proof('self'), proof('self', 'cut')]
const [RELAYED, NOT_RELAYED] = [proof('relay'), proof('relay', 'away')]

test.each([
  ['the relay that works', [HERE, NOT_RELAYED, RELAYED], RELAYED, true],
  [
    'the relay that does not, before this computer’s own address',
    [HERE, NOT_RELAYED],
    NOT_RELAYED,
    false,
  ],
  ['without a relay, what works', [NOT_HERE, HERE], HERE, true],
  ['where nothing works, the first', [NOT_HERE], NOT_HERE, false],
  ['nothing, where nothing was tried', [], undefined, false],
])('the best proof is %s', (_, report, best, reached) => {
  expect(bestProof(report)).toBe(best)
  expect(isReached(report)).toBe(reached)
})

test('a listener that was met nowhere names each address and why', () => {
  expect(unreachableBy([NOT_HERE]).message).toContain('self cut: cut')
})

import { expect, test } from 'vitest'
import {
  linkReachText,
  proofDocument,
  proofText,
  reachText,
} from '../../../src/cli/text/reach-text.ts'
import type { OutsideProof, ReachProof } from '../../../src/service/reach/reach-report.ts'

const NOW = 1_800_000_012_000
const TRIED = NOW - 12_000
const RELAY = '/ip4/8.8.8.8/tcp/4720'
const HERE: ReachProof = {
  address: '/ip4/8.8.4.4/tcp/4710',
  by: 'self',
  triedAt: TRIED,
  provenAt: TRIED,
}

function outside(told: Partial<OutsideProof>, proof: ReachProof = HERE): ReachProof {
  return { ...proof, outside: { relay: RELAY, triedAt: TRIED, ...told } }
}

test.each([
  [
    'proven',
    outside({ provenAt: TRIED }, { ...HERE, problem: 'no answer in time' }),
    [
      'proven from outside 12 s ago',
      'reachable directly, proven from outside 12 s ago',
      'works from anywhere, proven from outside 12 s ago',
    ],
  ],
  [
    'failed',
    outside({ problem: 'could not connect', provenAt: TRIED - 60_000 }),
    [
      `no way in from outside: relay ${RELAY} could not connect; it could, 72 s ago`,
      `not reachable directly at ${HERE.address}: relay ${RELAY} could not connect`,
      `does not lead here from outside now: relay ${RELAY} could not connect`,
    ],
  ],
  [
    'not tried',
    outside({ untried: 'dials nobody back' }),
    [
      `answers on this computer, tried 12 s ago; not tried from outside: relay ${RELAY} dials nobody back`,
      `answers at this computer’s own address, tried 12 s ago; not tried from outside: relay ${RELAY} dials nobody back`,
      'may be reached from anywhere; it answers on this computer, and was not tried from outside',
    ],
  ],
  [
    'not made of what the router maps',
    { ...HERE, problem: 'no answer in time', mapped: true as const },
    [
      'mapped by the router, not proven',
      `mapped by the router at ${HERE.address}, not proven`,
      'may be reached from anywhere; mapped by the router, not proven',
    ],
  ],
])('an address whose try from outside is %s is told as such', (_, proof, words) => {
  const [ofAddress, ofListener, ofLink] = words
  expect(proofText(proof, NOW)).toBe(ofAddress)
  expect(reachText([proof], NOW)).toBe(ofListener)
  expect(linkReachText('not asked for', [proof], NOW)).toBe(ofLink)
})

test('documents have times in ISO 8601', () => {
  const time = new Date(TRIED).toISOString()
  expect(proofDocument(outside({ problem: 'could not connect' }))).toEqual({
    address: HERE.address,
    by: 'self',
    triedAt: time,
    provenAt: time,
    outside: { relay: RELAY, triedAt: time, provenAt: null, problem: 'could not connect' },
  })
})

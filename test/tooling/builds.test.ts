import { expect, it } from 'vitest'
import { buildsOf } from '../../scripts/pages/builds.ts'

const RUN = {
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, platform: 'linux-x64', loadBefore: 0.5 },
  versions: { node: '24.0.0', sqlite: '3.0.0', libp2p: '3.0.0' },
  date: '2026-11-22T04:50:10.643Z',
  commits: { now: '0000001', before: '0000002' },
}
const rounds = { now: [60, 60], before: [100, 100] }
const row = { what: 'things/s', now: 60, before: 100, ratio: 0.6, rounds, bare: 1000, ofBare: 0.06 }

it('the two builds are named, and what of the goals was met', () => {
  const text = buildsOf({
    ...RUN,
    rows: [
      { id: 'P1', ...row, goal: '≥ 0.5 × before', met: true },
      { id: 'live', ...row, bare: null, ofBare: null, goal: '≤ 0.5 × before', met: false },
    ],
  })
  expect(text).toContain('load 0.5 before the run')
  expect(text).toContain('Now 0000001, before 0000002; 2 rounds each.')
  expect(text).toContain('| P1 | things/s | 60 | 100 | 0.60 | 1,000 | 0.06 | ≥ 0.5 × before: met |')
  expect(text).toContain('| live | things/s | 60 | 100 | 0.60 |  |  | ≤ 0.5 × before: **missed** |')
})

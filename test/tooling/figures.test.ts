import { expect, it } from 'vitest'
import { figuresOf } from '../../scripts/pages/figures.ts'

const RUN = {
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 8, platform: 'linux-x64', loadBefore: 0.5 },
  versions: { node: '24.0.0', sqlite: '3.0.0', libp2p: '3.0.0' },
  date: '2026-11-22T04:50:10.643Z',
}
const row = { what: 'things/s', ours: 60, bare: 100, ratio: 0.6, goal: '≥ 0.5 × bare', met: true }

it('the figures say where they were taken, and what of the goals was met', () => {
  const text = figuresOf({
    ...RUN,
    rows: [
      { id: 'P1', ...row },
      { id: 'P2', ...row, ours: 40, ratio: 0.4, met: false },
      { id: 'P3', ...row, problem: 'a tally is missing' },
    ],
  })
  expect(text).toContain('a processor, 2 cores, 8 GiB, linux-x64; load 0.5 before the run')
  expect(text).toContain('| P1 | things/s | 60 | 100 | 0.60 |  | ≥ 0.5 × bare: met |')
  expect(text).toContain('| P2 | things/s | 40 | 100 | 0.40 |  | ≥ 0.5 × bare: **missed** |')
  expect(text).toContain('**invalid**, a tally is missing')
  expect(text).toContain('bar [0.60, 0.40, 0.60]\n  line [0.5, 0.5, 0.5]')
})

it('what has no goal is in the table and not in the picture of goals', () => {
  const text = figuresOf({
    ...RUN,
    rows: [{ id: 'growth-10', ...row, goal: 'none, for information', met: null }],
  })
  expect(text).toContain('| none, for information |')
  expect(text).toContain('bar []')
  expect(text).toContain('x-axis ["10"]')
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { failingFigure } from '../../bench/failing-figure.ts'
import { badEnds } from '../../bench/failing-hooks.ts'

test('of 280 sessions over real connections each hook goes wrong for seven, in each way once, and no other session minds', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'taleus-failing-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  expect(badEnds(280)).toBe(21)
  expect(await failingFigure(parent, 280)).toMatchObject({ ours: 100, met: true })
}, 90_000)

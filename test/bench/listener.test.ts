import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { parseFrames } from '../../bench/bare/frames.ts'
import { Bootstraps, type ListenerSetting } from '../../bench/listener/bootstraps.ts'
import { type StoreCounts, storeProblem } from '../../bench/listener/store-check.ts'
import { Place } from '../../bench/process/place.ts'

const GOOD: StoreCounts = {
  tallies: 5,
  confirmed: 5,
  receipted: 5,
  incomplete: 0,
  auditRecords: 20,
  auditOk: true,
}

test('a store with one tally for each bootstrap is as it should be', () => {
  expect(storeProblem(GOOD, 5)).toBeUndefined()
})

test.each<Partial<StoreCounts>>([
  { tallies: 4 },
  { tallies: 6 },
  { confirmed: 4 },
  { receipted: 4 },
  { incomplete: 1 },
  { auditRecords: 4 },
  { auditOk: false },
])('a store with %o instead is not', (wrong) => {
  expect(storeProblem({ ...GOOD, ...wrong }, 5)).toBeDefined()
})

describe.each<[ListenerSetting['role'], ListenerSetting['client'], string]>([
  ['stock', 'light', 'invitee inviter invitee'],
  ['stock', 'whole', 'invitee inviter invitee'],
  ['foil', 'light', 'invitee inviter invitee inviter'],
  ['foil', 'whole', 'invitee inviter invitee inviter'],
])('a listener with %s and a %s invitee', (role, client, messages) => {
  test('makes a tally of every bootstrap, and its store shows it', async () => {
    await Place.within(tmpdir(), async (place) => {
      const ours = await Bootstraps.start(place, { role, client, concurrency: 3 })
      const speakers = parseFrames(ours.frames).map(({ from }) => from)
      expect(speakers.join(' ')).toBe(messages)
      await ours.measure({ connection: 'shared', concurrency: 3, count: 12 })
      if (client === 'light') await ours.measure({ connection: 'new', concurrency: 2, count: 4 })
      expect(await ours.problem()).toBeUndefined()
      expect(ours.commitsEach).toBeGreaterThan(0)
    })
  })
})

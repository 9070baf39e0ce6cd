import { expect, it } from 'vitest'
import { runDeath } from './run-death.ts'

it.each([
  ['host', 'before commit', 3],
  ['host', 'after commit', 3],
  ['seeker', 'hearing part', 2],
] as const)(
  'a %s that is killed %s (%i) has lost nothing, and has nothing by half',
  async (role, point, occurrence) => {
    expect(await runDeath(role, { point, occurrence })).toEqual({ isDead: true, complaints: [] })
  },
  90_000,
)

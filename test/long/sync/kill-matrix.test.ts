import { describe, expect, test } from 'vitest'
import { SYNC_POINTS } from '../../faults/sync/dying-orders.ts'
import { runDeath } from '../../faults/sync/run-death.ts'

const rounds = Number(process.env['KILL_ROUNDS'] ?? 20)

describe.each(['host', 'seeker'] as const)('kill -9 of the %s of a sync', (role) => {
  test.each(Object.entries(SYNC_POINTS[role]))(
    '%s: nothing is lost, and nothing taken by half',
    async (point, times) => {
      const complaints: string[] = []
      let deaths = 0
      for (let round = 0; round < rounds; round += 1) {
        const result = await runDeath(role, { point, occurrence: 1 + (round % times) })
        if (result.isDead) deaths += 1
        complaints.push(...result.complaints)
      }
      console.log(`${role}, ${point}: ${rounds} rounds, ${deaths} deaths`)
      expect(complaints).toEqual([])
      expect(deaths).toBe(rounds)
    },
  )
})

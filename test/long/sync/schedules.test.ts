import { expect, test } from 'vitest'
import { runSchedule } from '../../faults/sync/run-schedule.ts'

/** SYNC_SEED replays the schedules from one seed on, as a failure names it. */
const first = Number(process.env['SYNC_SEED'] ?? Math.floor(Math.random() * 1e6))
const SCHEDULES = 200

test(`after any of ${SCHEDULES} schedules of edits, cuts and restarts from seed ${first} on both sides hold the same, and all that was stored`, async () => {
  const complaints: string[] = []
  for (let nth = 0; nth < SCHEDULES; nth += 1) complaints.push(...(await runSchedule(first + nth)))
  expect(complaints).toEqual([])
})

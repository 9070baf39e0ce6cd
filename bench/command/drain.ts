import { join } from 'node:path'
import * as z from 'zod'
import { type Load, measuredSchema } from '../load/load.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { jsonOf, LOOPBACK, listen, standingLink } from './taleus.ts'

const DRAIN_SESSIONS = 500
const DRAIN_MS = 3_000

const stoppedSchema = z.object({ cut: z.number(), parked: z.number() })
const talliesSchema = z.object({ tallies: z.array(z.unknown()) })
const verifySchema = z.object({ ok: z.boolean() })

/** Everybody is let in: one process plays all the peers. */
const ROOM = {
  TALEUS_MAX_SESSIONS: '2000',
  TALEUS_SESSIONS_PER_PEER: '2000',
  TALEUS_RATE_LIMIT: '1000000',
  TALEUS_STEP_TIMEOUT: '60s',
  TALEUS_SESSION_TIMEOUT: '120s',
}

/** Measures how long a listener takes to stop while each of many sessions holds a use; the next one has all of them back. */
export async function drain(place: Place): Promise<Finding[]> {
  const directory = join(place.directory, 'data')
  const listenAt = (addresses: readonly string[]) => {
    const flags = addresses.flatMap((address) => ['--listen', address])
    return listen(directory, ['--drain-timeout', `${DRAIN_MS}ms`, ...flags], ROOM)
  }
  const first = await listenAt([LOOPBACK])
  const client = await place.child('listener/light-client.ts', standingLink(directory, 'foil'))
  const load: Load = { connection: 'shared', concurrency: 100, count: DRAIN_SESSIONS }
  await client.ask({ ...load, hold: true })
  const { last, code, ms } = await first.stop()
  const { cut, parked } = stoppedSchema.parse(JSON.parse(last))
  const second = await listenAt(first.addresses)
  const resumed = await client.ask({ ...load, resume: true, mayFail: true })
  const { failed } = measuredSchema.parse(resumed)
  await client.stop()
  await second.stop()
  const list = ['tally', 'list', '--limit', '5000']
  const { tallies } = talliesSchema.parse(jsonOf(directory, ...list))
  const { ok } = verifySchema.parse(jsonOf(directory, 'audit', 'verify'))
  // The first bootstrap only told how long the messages are.
  const lost = DRAIN_SESSIONS + 1 - tallies.length
  const areParked = cut === DRAIN_SESSIONS && parked === DRAIN_SESSIONS
  const faults = [
    code === 0 ? [] : `exit code ${String(code)}`,
    areParked ? [] : `${cut} cut, ${parked} parked`,
    failed === 0 && lost === 0 ? [] : `${failed} refused later, ${lost} lost`,
    ok ? [] : 'the audit does not verify',
  ].flat()
  const problem = faults.length === 0 ? undefined : faults.join('; ')
  return [{ ours: ms, note: 'all parked, and had by the next listener', problem }]
}

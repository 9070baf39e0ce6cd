import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { MAX_LINES } from '../../src/service/answers/answer-lines.ts'
import type { Place } from '../process/place.ts'
import { processUsageSchema } from '../process/usage.ts'
import type { Finding } from '../report/row.ts'

const KIB = 2 ** 10
/** Beyond the bound: they are refused, and take nothing. */
const BEYOND = 50
/** Longer than a look at who waits: what is opened late is there by then. */
const SETTLE_MS = 1_500

const inviterSchema = z.object({ peer: z.string(), address: z.string() })
const usageSchema = processUsageSchema.extend({ lines: z.number() })

/** Measures what a held line takes of an inviter's memory beyond its connection, KiB in use, of as many as there may be. */
export async function lines(place: Place): Promise<Finding[]> {
  const inviter = await place.child('approval/lines-process.ts')
  const { peer, address } = inviterSchema.parse(inviter.greeting)
  const waiters = await place.child('approval/waiters-process.ts', peer, address)
  const usage = async () => {
    await sleep(SETTLE_MS)
    return usageSchema.parse(await inviter.ask({}))
  }
  const bare = await usage()
  await waiters.ask({ connections: MAX_LINES + BEYOND })
  const connected = await usage()
  await waiters.ask({ lines: MAX_LINES + BEYOND })
  const waiting = await usage()
  const held = waiting.lines
  const connection = (connected.live - bare.live) / (MAX_LINES + BEYOND) / KIB
  const problem = held === MAX_LINES ? undefined : `${held} lines are held, not ${MAX_LINES}`
  const note = `a connection takes ${connection.toFixed(1)} KiB; ${held} of ${MAX_LINES + BEYOND} held`
  return [{ ours: (waiting.live - connected.live) / MAX_LINES / KIB, note, problem }]
}

import type * as z from 'zod'
import { DEFAULT_SESSION_CONFIG } from '../../src/session/config/session-config.ts'
import { median } from '../load/interleave.ts'
import { visitsSchema } from '../load/run-visits.ts'
import type { Place } from '../process/place.ts'
import { processUsageSchema } from '../process/usage.ts'
import type { Finding } from '../report/row.ts'
import { startListener } from './bootstraps.ts'

/** Places that `taleus listen` has by default. */
const PLACES = DEFAULT_SESSION_CONFIG.maxConcurrentSessions
/** Times as many clients as there are places. */
const OVERLOAD = 5
const ROUNDS = 3
const SECONDS = 5
/** Clients that are to be refused come within so many ms, not all at once. */
const SPREAD_MS = 1_000
/** A session that holds a place holds it for as long as all is measured. */
const HOLD_MS = 300_000

type Visited = z.infer<typeof visitsSchema>

/**
 * Measures five times as many clients as there are places, each coming again when it is told to, in turn with just as
 * many clients as places. Then, with all places held, how soon clients are refused that leave both processes time to
 * spare. A refusal's time is the client's: from before it opened the stream.
 */
export async function overload(place: Place): Promise<Finding[]> {
  const { server, links } = await startListener(place, {
    config: {
      maxConcurrentSessions: PLACES,
      provisionTimeoutMs: HOLD_MS,
      sessionTimeoutMs: HOLD_MS,
    },
    invitations: [{ role: 'stock' }, { role: 'foil' }],
  })
  const [visitor, holder] = await Promise.all(
    [0, 1].map((index) => place.child('listener/light-client.ts', links[index] ?? '')),
  )
  const visit = async (clients: number, spreadMs = 0): Promise<Visited> =>
    visitsSchema.parse(await visitor?.ask({ clients, seconds: SECONDS, spreadMs }))
  const lateMs = async (collect: boolean): Promise<number> =>
    processUsageSchema.parse(await server.ask({ ask: 'usage', collect })).lagMs
  await visit(PLACES)
  const [peak, over, refused, late]: [Visited[], Visited[], Visited[], number[]] = [[], [], [], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    peak.push(await visit(PLACES))
    over.push(await visit(OVERLOAD * PLACES))
  }
  await holder?.ask({ connection: 'shared', concurrency: 1, count: PLACES, hold: true })
  for (let round = 0; round < ROUNDS; round += 1) {
    await lateMs(true)
    refused.push(await visit((OVERLOAD - 1) * PLACES, SPREAD_MS))
    late.push(await lateMs(false))
  }
  return [goodput(peak, over), refusal(refused, late)]
}

function goodput(peak: readonly Visited[], over: readonly Visited[]): Finding {
  const p99 = Math.round(middle(over, 'p99'))
  return {
    ours: middle(over, 'rate'),
    bare: middle(peak, 'rate'),
    ratio: median(over.map(({ rate }, round) => rate / (peak[round]?.rate ?? Number.NaN))),
    also: { refused: sum(over, 'refused') },
    note: `${sum(over, 'refused')} refused, p99 after ${p99} ms with both processors full`,
    problem: [...peak, ...over].flatMap(({ problems }) => problems)[0],
  }
}

function refusal(rounds: readonly Visited[], late: readonly number[]): Finding {
  const [client, listener] = [middle(rounds, 'lateMs'), median(late)].map(Math.round)
  const refused = sum(rounds, 'refused')
  return {
    ours: middle(rounds, 'p99'),
    also: { refused, served: sum(rounds, 'rate') },
    note: `${refused} refused; loops themselves late by up to: client ${client} ms, listener ${listener} ms`,
    problem: rounds.flatMap(({ problems }) => problems)[0],
  }
}

function middle(rounds: readonly Visited[], of: 'rate' | 'p99' | 'lateMs'): number {
  return median(rounds.map((round) => round[of]))
}

function sum(rounds: readonly Visited[], of: 'rate' | 'refused'): number {
  return rounds.reduce((all, round) => all + round[of], 0)
}

import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { startChild } from './child.ts'
import { median } from './interleave.ts'
import { atMost, plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'

const hostSchema = z.object({ link: z.string(), foilLink: z.string(), places: z.number() })
const loadSchema = z.object({
  rate: z.number(),
  refused: z.number(),
  p99: z.number(),
  lateMs: z.number(),
  problems: z.array(z.string()),
})
const lateSchema = z.object({ lateMs: z.number() })

/** Times as many clients as there are places. */
const OVERLOAD = 5
const ROUNDS = 3
const SECONDS = 5
/** Clients that are to be refused come within so many ms, not all in one. */
const SPREAD_MS = 1_000
const MIN_GOODPUT = 0.8
const MAX_REFUSAL_MS = 200

type Load = z.infer<typeof loadSchema>

interface Refusals extends Load {
  readonly hostLateMs: number
}

/**
 * D4: five times as many clients as there are places, each coming again when it is told to, beside just as many
 * clients as places, in turn. Then, with all places held, how soon as many clients are refused that leave both
 * processes time to spare. A refusal's time is the client's: from before it opened the stream.
 * @param parent where the data directory is made, and removed at the end
 */
export async function overloadFigures(parent: string): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(parent, 'overload-'))
  const host = await startChild('overload-host.ts', directory)
  const { link, foilLink, places } = hostSchema.parse(host.greeting)
  const client = await startChild('overload-client.ts', link, foilLink)
  const run = async (clients: number, spreadMs = 0): Promise<Load> =>
    loadSchema.parse(await client.ask({ clients, seconds: SECONDS, spreadMs }))
  const [peak, over, turnedAway]: [Load[], Load[], Refusals[]] = [[], [], []]
  try {
    await run(places)
    for (let round = 0; round < ROUNDS; round += 1) {
      peak.push(await run(places))
      over.push(await run(OVERLOAD * places))
    }
    await client.ask({ hold: places })
    for (let round = 0; round < ROUNDS; round += 1) {
      await host.ask({})
      const refusals = await run((OVERLOAD - 1) * places, SPREAD_MS)
      const { lateMs } = lateSchema.parse(await host.ask({}))
      turnedAway.push({ ...refusals, hostLateMs: lateMs })
    }
  } finally {
    await client.stop()
    await host.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  return [goodput(peak, over, places), refusal(turnedAway, places)]
}

function goodput(peak: readonly Load[], over: readonly Load[], places: number): BenchRow {
  const ratio = median(over.map(({ rate }, round) => rate / (peak[round]?.rate ?? Number.NaN)))
  const refusalMs = median(over.map(({ p99 }) => p99))
  const refused = over.reduce((sum, each) => sum + each.refused, 0)
  const [problem] = [...peak, ...over].flatMap(({ problems }) => problems)
  return {
    id: 'D4',
    what: `bootstraps/s, ${OVERLOAD * places} clients for ${places} places, beside ${places} clients`,
    ours: Math.round(median(over.map(({ rate }) => rate))),
    bare: Math.round(median(peak.map(({ rate }) => rate))),
    ratio: Number(ratio.toFixed(3)),
    goal: `≥ ${MIN_GOODPUT} × peak`,
    met: ratio >= MIN_GOODPUT && refused > 0,
    note: `${refused} refused, p99 after ${Math.round(refusalMs)} ms with both processors full`,
    ...(problem === undefined ? {} : { problem }),
  }
}

function refusal(rounds: readonly Refusals[], places: number): BenchRow {
  const p99 = median(rounds.map((round) => round.p99))
  const refused = rounds.reduce((sum, each) => sum + each.refused, 0)
  const served = rounds.reduce((sum, each) => sum + each.rate, 0)
  const [problem] = rounds.flatMap(({ problems }) => problems)
  const late = (of: (round: Refusals) => number) => Math.round(median(rounds.map(of)))
  const within = atMost(MAX_REFUSAL_MS, 'ms')(p99)
  const row = plainRow({
    id: 'D4-refusal',
    what: `ms until one of ${(OVERLOAD - 1) * places} clients is refused, p99, while all ${places} places are held`,
    ours: p99,
    goal: within.goal,
    met: within.met && refused > 0 && served === 0,
    note: `${refused} refused; loops themselves late by up to: client ${late(({ lateMs }) => lateMs)} ms, listener ${late(({ hostLateMs }) => hostLateMs)} ms`,
  })
  return problem === undefined ? row : { ...row, problem }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { startChild } from './child.ts'
import { median } from './interleave.ts'

const hostSchema = z.object({ link: z.string(), places: z.number() })
const loadSchema = z.object({
  rate: z.number(),
  refused: z.number(),
  p99: z.number(),
  problems: z.array(z.string()),
})

/** Times as many clients as there are places. */
const OVERLOAD = 5
const ROUNDS = 3
const SECONDS = 5
const MIN_GOODPUT = 0.8
const MAX_REFUSAL_MS = 200

type Load = z.infer<typeof loadSchema>

/**
 * D4: five times as many clients as there are places, each coming again when it is told to, beside just as many
 * clients as places, in turn. A refusal's time is the client's: from before it opened the stream.
 * @param parent where the data directory is made, and removed at the end
 */
export async function overloadFigure(parent: string) {
  const directory = mkdtempSync(join(parent, 'overload-'))
  const host = await startChild('overload-host.ts', directory)
  const { link, places } = hostSchema.parse(host.greeting)
  const client = await startChild('overload-client.ts', link)
  const run = async (clients: number): Promise<Load> =>
    loadSchema.parse(await client.ask({ clients, seconds: SECONDS }))
  const [peak, over]: [Load[], Load[]] = [[], []]
  try {
    await run(places)
    for (let round = 0; round < ROUNDS; round += 1) {
      peak.push(await run(places))
      over.push(await run(OVERLOAD * places))
    }
  } finally {
    await client.stop()
    await host.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  return judged(peak, over, places)
}

function judged(peak: readonly Load[], over: readonly Load[], places: number) {
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
    goal: `≥ ${MIN_GOODPUT} × peak, refused in ≤ ${MAX_REFUSAL_MS} ms`,
    met: ratio >= MIN_GOODPUT && refused > 0 && refusalMs <= MAX_REFUSAL_MS,
    note: `${refused} refused, p99 after ${Math.round(refusalMs)} ms`,
    ...(problem === undefined ? {} : { problem }),
  }
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { median } from './interleave.ts'
import { onTerminal } from './on-terminal.ts'
import { plainRow } from './plain-row.ts'
import type { BenchRow } from './results-file.ts'
import { viewedListenerFigure } from './viewed-listener.ts'

const HOST = join(import.meta.dirname, 'view-host.ts')
const MAX_SHARE = 10
const roundsSchema = z.array(z.object({ view: z.number(), none: z.number() }))

/** What the dashboard costs: by itself, and the listener that shows it. @param parent for files that are removed at the end */
export async function viewFigures(parent: string): Promise<BenchRow[]> {
  return [await busyView(parent), await viewedListenerFigure(parent)]
}

/** In percent, of milliseconds for each second. */
function shareOf({ view, none }: z.infer<typeof roundsSchema>[number]): number {
  return (view - none) / 10
}

/** Of one core, with a thousand sessions under way and two thousand events a second. */
async function busyView(parent: string): Promise<BenchRow> {
  const directory = mkdtempSync(join(parent, 'view-'))
  try {
    const file = join(directory, 'rounds.json')
    await onTerminal([HOST, file]).ended
    const rounds = roundsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    const ours = median(rounds.map(shareOf))
    return plainRow({
      id: 'view',
      what: '% of one core for the view of 1,000 sessions and 2,000 events/s',
      ours,
      goal: `< ${MAX_SHARE} %`,
      met: ours < MAX_SHARE,
      note: rounds.map((round) => shareOf(round).toFixed(1)).join(' '),
    })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

import { isForPeople, isReadOut } from '../dashboard/is-for-people.ts'
import { jsonLine, plainLine } from '../lines/listen-lines.ts'
import { spokenLine } from '../lines/spoken-line.ts'
import type { Outlet } from '../outlet/outlet.ts'
import { outletOf } from '../outlet/outlet-of.ts'
import { type ListenOutput, lineOutput, withLog, withProbe } from './listen-output.ts'
import { isPipe } from './pipe-probe.ts'

type Format = 'json' | 'text'

export interface OutputOptions {
  readonly format: Format
  /** Lines, even where a dashboard could be shown. */
  readonly plain: boolean
  /** Lines on stderr. @default none */
  readonly log?: Format | undefined
}

/** The surroundings that the choice depends on. */
type Surroundings = Parameters<typeof isForPeople>[0] & { readonly stderr: { isTTY?: boolean } }

export type Shown = 'json' | 'lines' | 'sentences' | 'dashboard' | 'nothing'

/** The dashboard for somebody who sits before a terminal, lines for everything else; none that the log tells already. */
export function shownOn({ format, plain, log }: OutputOptions, around: Surroundings): Shown {
  if (format === 'json') return 'json'
  // A log on the view's own screen would be written across it.
  const isInTheWay = log !== undefined && around.stderr.isTTY === true
  if (!plain && !isInTheWay && isForPeople(around)) return 'dashboard'
  if (log !== undefined) return 'nothing'
  return !plain && isReadOut(around) ? 'sentences' : 'lines'
}

/** Where a listener's events go. From here on nothing in this process waits for its terminal. */
export async function listenOutput(options: OutputOptions): Promise<ListenOutput> {
  const { log } = options
  const [stdout, stderr] = [outletOf(process.stdout), outletOf(process.stderr)]
  const shown = await outputOn(stdout, shownOn(options, process))
  if (log === undefined) return shown
  return withLog(shown, lineOutput(log === 'json' ? jsonLine : plainLine, stderr))
}

async function outputOn(stdout: Outlet, shown: Shown): Promise<ListenOutput> {
  switch (shown) {
    case 'json': {
      const output = lineOutput(jsonLine, stdout)
      return isPipe(process.stdout) ? withProbe(output, stdout) : output
    }
    case 'lines':
      return lineOutput(plainLine, stdout)
    case 'sentences':
      return lineOutput(spokenLine, stdout)
    case 'nothing':
      return { tell: () => undefined }
    case 'dashboard': {
      const { DashboardOutput } = await import('./dashboard-output.ts')
      return new DashboardOutput(stdout)
    }
    default:
      return shown satisfies never
  }
}

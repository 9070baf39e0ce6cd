import { isForPeople } from '../dashboard/is-for-people.ts'
import { jsonLine, plainLine } from '../lines/listen-lines.ts'
import { jsonOutput, type ListenOutput, lineOutput, withLog } from './listen-output.ts'

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

export type Shown = 'json' | 'lines' | 'dashboard' | 'nothing'

/** The dashboard for somebody who sits before a terminal, lines for everything else; none that the log tells already. */
export function shownOn({ format, plain, log }: OutputOptions, around: Surroundings): Shown {
  if (format === 'json') return 'json'
  // A log on the view's own screen would be written across it.
  const isInTheWay = log !== undefined && around.stderr.isTTY === true
  if (!plain && !isInTheWay && isForPeople(around)) return 'dashboard'
  return log === undefined ? 'lines' : 'nothing'
}

/** Where a listener's events go. */
export async function listenOutput(options: OutputOptions): Promise<ListenOutput> {
  const { log } = options
  const shown = await outputOf(shownOn(options, process))
  if (log === undefined) return shown
  return withLog(shown, lineOutput(log === 'json' ? jsonLine : plainLine, process.stderr))
}

async function outputOf(shown: Shown): Promise<ListenOutput> {
  switch (shown) {
    case 'json':
      return jsonOutput(jsonLine)
    case 'lines':
      return lineOutput(plainLine)
    case 'nothing':
      return { tell: () => undefined }
    case 'dashboard': {
      const { DashboardOutput } = await import('./dashboard-output.ts')
      return new DashboardOutput()
    }
    default:
      return shown satisfies never
  }
}

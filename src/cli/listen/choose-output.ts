import { isForPeople } from '../dashboard/is-for-people.ts'
import { jsonLine, plainLine } from './listen-lines.ts'
import { jsonOutput, type ListenOutput, lineOutput } from './listen-output.ts'

export interface OutputWishes {
  readonly format: 'json' | 'text'
  /** Lines, even where a dashboard could be shown. */
  readonly plain: boolean
}

/** The dashboard for somebody who sits before a terminal, lines for everything else. */
export async function listenOutput({ format, plain }: OutputWishes): Promise<ListenOutput> {
  if (format === 'json') return jsonOutput(jsonLine)
  if (plain || !isForPeople(process)) return lineOutput(plainLine)
  const { DashboardOutput } = await import('./dashboard-output.ts')
  return new DashboardOutput()
}

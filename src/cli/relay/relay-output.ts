import type { RelayNews } from '../../service/relay/relay-news.ts'
import type { RelayStatus } from '../../service/status/relay-status.ts'
import { shownOn } from '../listen/choose-output.ts'
import { type EventOutput, lineOutput, withProbe } from '../listen/listen-output.ts'
import { isPipe } from '../listen/pipe-probe.ts'
import { outletOf } from '../outlet/outlet-of.ts'
import { relayJsonLine, relayPlainLine } from './relay-lines.ts'

export interface RelayOutputOptions {
  readonly format: 'json' | 'text'
  /** Lines, even where a view could be shown. */
  readonly plain: boolean
}

/** Where a relay's news go. From here on nothing in this process waits for its terminal. */
export async function relayOutput(
  options: RelayOutputOptions,
  status: () => RelayStatus,
): Promise<EventOutput<RelayNews>> {
  const stdout = outletOf(process.stdout)
  const shown = shownOn(options, process)
  if (shown === 'json') {
    const output = lineOutput(relayJsonLine, stdout)
    return isPipe(process.stdout) ? withProbe(output, stdout) : output
  }
  if (shown !== 'dashboard') return lineOutput(relayPlainLine, stdout)
  const { RelayViewOutput } = await import('./relay-view.ts')
  return new RelayViewOutput(stdout, status)
}

import { type ShownView, showView, type ViewTerminal } from '../show-view.ts'
import { ASCII_GLYPHS, UTF8_GLYPHS } from '../text/glyphs.ts'
import { RelayView, type RelayViewProps } from './RelayView.tsx'

export interface ShowRelayInit extends Omit<RelayViewProps, 'glyphs' | 'job'>, ViewTerminal {
  /** Draw with ASCII only. */
  readonly ascii: boolean
}

/** Shows a relay on the terminal's other screen, until closed. */
export function showRelay({ stdout, stdin, ascii, ...props }: ShowRelayInit): ShownView {
  const glyphs = ascii ? ASCII_GLYPHS : UTF8_GLYPHS
  return showView({ stdout, stdin }, (job) => <RelayView {...props} job={job} glyphs={glyphs} />)
}

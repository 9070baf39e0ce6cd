import type { Board } from '../board/board.ts'
import type { UiState } from '../board/ui-state.ts'
import { cutLine, type Line, span } from '../text/span.ts'
import { timeLeft } from '../text/time-words.ts'
import type { Screen } from './screen.ts'

/** Time that a problem or a gap is told, ms. */
const NOTICE_MS = 8_000

/** A note of the view itself, beside what the listener tells. */
export interface ViewNote {
  /** Said until it is over: no listener, or the end of a recording. */
  readonly text: string
}

/** The last line: a notice, else the keys. */
export function footerLine(
  board: Board,
  ui: UiState,
  note: ViewNote | undefined,
  screen: Screen,
): Line {
  const { columns, glyphs } = screen
  const line = ui.typing
    ? typed(ui, screen)
    : (noticeLine(board, note, screen) ?? hints(ui, columns))
  return cutLine(line, columns, glyphs.ellipsis)
}

function typed({ filter }: UiState, { glyphs }: Screen): Line {
  return [span('filter: ', 'strong'), span(filter), span(glyphs.full, 'dim')]
}

/** The notice that must be seen now, if there is one. */
export function noticeLine(
  board: Board,
  note: ViewNote | undefined,
  { now }: Screen,
): Line | undefined {
  const { ending, problem, missed, missedAt } = board
  if (note !== undefined) return [span(note.text, 'warn')]
  if (ending?.kind === 'stopped') {
    const { cut: ended, parked } = ending
    const kept = parked > 0 ? `, ${parked} parked` : ''
    const cut = ended > parked ? `${kept}, ${ended - parked} cut off` : kept
    return [span(`listener stopped (${ending.reason})${cut}`, 'warn')]
  }
  if (ending?.kind === 'draining') {
    const left = `${board.live.size} under way, up to ${timeLeft(ending.until, now)} more`
    return [span('stopping: ', 'warn'), span(`${left}; ^C again to leave now`)]
  }
  if (problem !== undefined && now - problem.at < NOTICE_MS) {
    return [span('problem: ', 'bad'), span(problem.text)]
  }
  if (missed > 0 && now - missedAt < NOTICE_MS) {
    return [span(`this view was too slow for ${missed} events; it shows what is true now`, 'warn')]
  }
  return undefined
}

function hints({ view, filter, chosen }: UiState, columns: number): Line {
  const back = view === 'sessions' ? [] : ['Esc back']
  const found = view === 'sessions' && filter !== '' ? [`"${filter}" (Esc: all)`] : []
  const open = view === 'sessions' && chosen !== undefined ? ['Enter details'] : []
  const rest = ['? help', 'q quit', '/ filter', 't invitations', 's sort', 'space freeze', 'w wide']
  const all = [...found, ...back, ...open, ...rest]
  let text = ''
  for (const each of all) {
    const longer = text === '' ? each : `${text}  ${each}`
    if (longer.length > columns) break
    text = longer
  }
  return [span(text, 'dim')]
}

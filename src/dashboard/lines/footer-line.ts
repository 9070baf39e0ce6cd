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
  return cutLine(wholeLine(board, ui, note, screen), columns, glyphs.ellipsis)
}

function wholeLine(board: Board, ui: UiState, note: ViewNote | undefined, screen: Screen): Line {
  if (ui.typing) return typed(ui, screen)
  if (ui.asking) return question(board)
  return noticeLine(board, note, screen) ?? hints(ui, screen)
}

function typed({ filter }: UiState, { glyphs }: Screen): Line {
  return [span('filter: ', 'strong'), span(filter), span(glyphs.full, 'dim')]
}

/** Asked before what is under way is put under pressure. */
function question({ live }: Board): Line {
  const sessions = live.size === 1 ? '1 session is' : `${live.size} sessions are`
  return [
    span(`${sessions} under way. `),
    span('Stop the listener? y', 'strong'),
    span('es, or any key to go on'),
  ]
}

/** The notice that must be seen now, if there is one. */
function noticeLine(
  board: Board,
  note: ViewNote | undefined,
  { now, words }: Screen,
): Line | undefined {
  const { ending, problem, missed, missedAt } = board
  if (note !== undefined) return [span(note.text, 'warn')]
  if (ending?.kind === 'stopped') {
    const { cut: ended, parked } = ending
    const kept = parked > 0 ? `, ${parked} parked` : ''
    const cut = ended > parked ? `${kept}, ${ended - parked} cut off` : kept
    return [span(`listener stopped (${words.stop(ending.reason)})${cut}`, 'warn')]
  }
  if (ending?.kind === 'draining') {
    const left = `${board.live.size} under way, up to ${timeLeft(ending.until, now)} more`
    return [span('stopping: ', 'warn'), span(`${left}; ^C again to leave now`)]
  }
  if (problem !== undefined && now - problem.at < NOTICE_MS) {
    if (problem.isOver === true) return [span(problem.text, 'good')]
    return [span('problem: ', 'bad'), span(problem.text)]
  }
  if (missed > 0 && now - missedAt < NOTICE_MS) {
    return [span(`this view was too slow for ${missed} events; it shows what is true now`, 'warn')]
  }
  return undefined
}

function hints({ view, filter, chosen }: UiState, { columns, isListeners }: Screen): Line {
  const back = view === 'sessions' ? [] : ['Esc back']
  const found = view === 'sessions' && filter !== '' ? [`"${filter}" (Esc: all)`] : []
  const open = view === 'sessions' && chosen !== undefined ? ['Enter details'] : []
  const quit = isListeners ? 'q stop' : 'q quit'
  const rest = ['? help', quit, '/ filter', 't invitations', 's sort', 'space freeze', 'w wide']
  const all = [...found, ...back, ...open, ...rest]
  let text = ''
  for (const each of all) {
    const longer = text === '' ? each : `${text}  ${each}`
    if (longer.length > columns) break
    text = longer
  }
  return [span(text, 'dim')]
}

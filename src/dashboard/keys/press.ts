import type { Board } from '../board/board.ts'
import { pickSessions } from '../board/pick-sessions.ts'
import { SORTS, type UiState } from '../board/ui-state.ts'
import { beginningOf } from '../text/span.ts'
import type { Words } from '../text/words.ts'
import type { Key } from './key.ts'

/** Longest filter, characters. */
const MAX_FILTER = 64
/** Lines that a page key moves by. */
const PAGE = 10

/** The things that a key is about. */
export interface Pressed {
  readonly board: Board
  /** Ms since the epoch. */
  readonly now: number
  readonly words: Words
}

/** Changes what is shown by a key. Pure. */
export function press(ui: UiState, key: Key, about: Pressed): UiState {
  const { board } = about
  if (ui.typing) return type(ui, key)
  const step = STEPS[key.name === 'text' ? key.text : key.name]
  if (step !== undefined) return move(ui, step, ui.frozen?.board ?? board, about.words)
  switch (key.name) {
    case 'enter':
      return ui.view === 'sessions' && ui.chosen !== undefined
        ? { ...ui, view: 'details', scroll: 0 }
        : ui
    case 'escape':
      return back(ui)
    case 'text':
      return command(ui, key.text, about)
    default:
      return ui
  }
}

function type(ui: UiState, key: Key): UiState {
  switch (key.name) {
    case 'enter':
      return { ...ui, typing: false }
    case 'escape':
      return { ...ui, typing: false, filter: '' }
    case 'backspace':
      return { ...ui, filter: beginningOf(ui.filter, Array.from(ui.filter).length - 1) }
    case 'text': {
      const typed = key.text.replace(/\p{C}/gu, '')
      return { ...ui, filter: beginningOf(ui.filter + typed, MAX_FILTER) }
    }
    default:
      return ui
  }
}

/** Goes one step out of this view; at the outermost the choice and the filter go. */
function back(ui: UiState): UiState {
  if (ui.view !== 'sessions') return { ...ui, view: 'sessions', scroll: 0 }
  if (ui.chosen !== undefined) return { ...ui, chosen: undefined }
  return { ...ui, filter: '' }
}

function command(ui: UiState, text: string, { board, now }: Pressed): UiState {
  switch (text) {
    case '?':
      return { ...ui, view: ui.view === 'help' ? 'sessions' : 'help', scroll: 0 }
    case 't':
      return { ...ui, view: ui.view === 'tokens' ? 'sessions' : 'tokens', scroll: 0 }
    case '/':
      return { ...ui, view: 'sessions', typing: true }
    case ' ':
      return { ...ui, frozen: ui.frozen === undefined ? { board, now } : undefined }
    case 's':
      return { ...ui, sort: SORTS[(SORTS.indexOf(ui.sort) + 1) % SORTS.length] ?? 'age' }
    case 'w':
      return { ...ui, wide: !ui.wide }
    default:
      return ui
  }
}

const STEPS: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  down: 1,
  j: 1,
  'page-up': -PAGE,
  'page-down': PAGE,
  home: Number.NEGATIVE_INFINITY,
  g: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
  G: Number.POSITIVE_INFINITY,
}

function move(ui: UiState, step: number, board: Board, words: Words): UiState {
  // How far there is to scroll is known where it is drawn; no text is longer than this.
  if (ui.view !== 'sessions') return { ...ui, scroll: within(ui.scroll + step, 500) }
  const rows = pickSessions(board, ui, words)
  const at = rows.findIndex(({ id }) => id === ui.chosen)
  // Nothing chosen yet: the first step down chooses the first.
  const next = within(at < 0 && step > 0 ? step - 1 : Math.max(at, 0) + step, rows.length - 1)
  return { ...ui, chosen: rows[next]?.id }
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(value, most))
}

import type { Board, BoardDetails, BoardSession } from '../board/board.ts'
import { pickSessions } from '../board/pick-sessions.ts'
import type { UiState } from '../board/ui-state.ts'
import { cutLine, type Line, lineWidth, span, spread } from '../text/span.ts'
import { detailLines } from './detail-lines.ts'
import { footerLine, type ViewNote } from './footer-line.ts'
import { headerLines } from './header-lines.ts'
import { helpLines } from './help-lines.ts'
import { type Screen, type Window, windowOf } from './screen.ts'
import { headRow, sessionColumns } from './session-columns.ts'
import { sessionRow } from './session-row.ts'
import { tokenLines } from './token-lines.ts'
import { trailLines } from './trail-lines.ts'

/** Everything that a frame is made of. */
export interface Scene {
  readonly board: Board
  readonly ui: UiState
  readonly note: ViewNote | undefined
  /** Of the chosen session. */
  readonly details: BoardDetails | undefined
}

/** Draws one frame: at most `rows - 1` lines, each at most `columns` wide. Pure. */
export function frameLines(scene: Scene, screen: Screen): readonly Line[] {
  const { ui } = scene
  const board = ui.frozen?.board ?? scene.board
  const shown = ui.frozen === undefined ? screen : { ...screen, now: ui.frozen.now }
  const height = Math.max(1, screen.rows - 1)
  const { header, audit, body } = heights(height, ui)
  const { lines: table, place = [] } = bodyOf(scene, board, shown, body)
  const top = [...headerLines(board, ui, shown, header), ...table.slice(0, 1)]
  const lines = [
    ...withPlace(top, place, shown),
    ...padded(table.slice(1), body - 1),
    ...padded(trailLines(board, shown, audit), audit),
    // The listener's state now is told even while the rest is frozen.
    footerLine(scene.board, ui, scene.note, screen),
  ]
  // Narrower than the narrowest table, whatever there is is cut.
  return lines.slice(0, height).map((line) => {
    return lineWidth(line) > screen.columns
      ? cutLine(line, screen.columns, screen.glyphs.ellipsis)
      : line
  })
}

/** Shares the lines out: the table comes first. */
function heights(
  height: number,
  { view }: UiState,
): { header: number; audit: number; body: number } {
  const header = atLeast(height, [18, 3], [12, 2], [0, 1])
  const wanted = atLeast(height, [28, 8], [18, 5], [0, 0])
  const audit = view === 'sessions' ? wanted : 0
  const body = Math.max(0, height - header - audit - 1)
  return { header, audit, body }
}

function atLeast(height: number, ...steps: readonly (readonly [number, number])[]): number {
  return steps.find(([least]) => height >= least)?.[1] ?? 0
}

/** The part below the header. */
interface Body {
  readonly lines: readonly Line[]
  /** Which of the sessions are shown, if not all. */
  readonly place?: Line
}

function bodyOf(scene: Scene, board: Board, screen: Screen, height: number): Body {
  const { ui, details } = scene
  const scrolling = (lines: readonly Line[]): Body => ({
    lines: scrolled(lines, ui, screen, height),
  })
  switch (ui.view) {
    case 'sessions':
      return sessionTable(board, ui, screen, height)
    case 'details':
      return scrolling(detailLines(chosenOf(board, ui), details, board, screen))
    case 'tokens':
      return scrolling(tokenLines(board, screen))
    case 'help':
      return scrolling(helpLines(screen))
    default:
      return ui.view satisfies never
  }
}

function chosenOf(board: Board, { chosen = '' }: UiState): BoardSession | undefined {
  return board.live.get(chosen) ?? board.finished.find(({ id }) => id === chosen)
}

function sessionTable(board: Board, ui: UiState, screen: Screen, height: number): Body {
  const { columns: room, glyphs } = screen
  const sessions = pickSessions(board, ui, screen.words)
  const columns = sessionColumns(room, ui.wide)
  const rows = Math.max(0, height - 1)
  const at = sessions.findIndex(({ id }) => id === ui.chosen)
  const { from, to, of } = windowFor(sessions.length, at, rows)
  const lines = sessions
    .slice(Math.max(0, from - 1), to)
    .map((session) => sessionRow(session, columns, session.id === ui.chosen, board, screen))
  const head = headRow(columns, glyphs.ellipsis)
  const empty = of === 0 ? [[span(emptyText(ui), 'dim')]] : []
  const shown = [head, ...lines, ...empty].slice(0, height)
  return of > rows
    ? { lines: shown, place: [span(` ${from}-${to} of ${of}`, 'accent')] }
    : { lines: shown }
}

function emptyText({ filter }: UiState): string {
  return filter === '' ? 'No sessions yet.' : `No session fits "${filter}".`
}

/**
 * Puts the place in the list beside the line nearest to the table that has room; over the end of the titles if none
 * has.
 */
function withPlace(
  lines: readonly Line[],
  place: Line,
  { columns, glyphs }: Screen,
): readonly Line[] {
  if (place.length === 0) return lines
  const width = lineWidth(place)
  const free = lines.findLastIndex((line) => lineWidth(line) + width <= columns)
  const ellipsis = glyphs.ellipsis === '' ? '' : ' '
  return lines.map((line, at) => {
    if (at === free) return spread(line, place, columns)
    const isTitles = free < 0 && at === lines.length - 1
    return isTitles ? [...cutLine(line, columns - width, ellipsis), ...place] : line
  })
}

/** The window of rows with the chosen one in the middle, where there is a middle. */
function windowFor(length: number, chosen: number, rows: number): Omit<Window, 'lines'> {
  const start = Math.max(0, Math.min(chosen - Math.floor(rows / 2), length - rows))
  const to = Math.min(length, start + rows)
  return { from: length === 0 ? 0 : start + 1, to, of: length }
}

function scrolled(
  lines: readonly Line[],
  { scroll }: UiState,
  { columns, glyphs }: Screen,
  height: number,
): readonly Line[] {
  const all = lines.map((line) => cutLine(line, columns, glyphs.ellipsis))
  return windowOf(all, scroll, height).lines
}

/** Fills or cuts to exactly so many lines: the part below must not jump. */
function padded(lines: readonly Line[], height: number): readonly Line[] {
  const missing = Math.max(0, height - lines.length)
  return [...lines.slice(0, height), ...Array.from({ length: missing }, (): Line => [])]
}

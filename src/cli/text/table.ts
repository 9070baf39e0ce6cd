import stringWidth from 'string-width'
import { wrapText } from '../../dashboard/text/fit.ts'
import { harmless } from './harmless.ts'
import { lines, type ScreenText } from './screen-text.ts'
import { harmlessWithin } from './terminal-text.ts'

export interface Column {
  /** Without any title in the table there is no head line. */
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Columns that it keeps however narrow the terminal is; without it, it is never cut. */
  readonly shrinkTo?: number
}

export interface TableLayout {
  /** Columns of the terminal, or `Infinity` where there is none. */
  readonly width: number
  /** Called if something was cut; without it, a last line says so. For a table that is part of a longer text. */
  onCut?(): void
}

const GAP = '  '

/** Said of every table that does not fit, once. */
export const CUT_TO_FIT = 'Cut to fit the terminal: `| cat` shows all of it, and so does --json.'

/**
 * Lays rows of text out in columns that fit the terminal, and makes every cell harmless. Columns that may be cut are
 * cut the widest first; where that is not enough the lines get longer than the terminal. In a table without titles, which
 * tells of one thing, nothing is cut, but goes on below.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, onCut }: TableLayout,
): ScreenText {
  const titled = columns.some((column) => column.title !== '')
  const head = titled ? [columns.map((column) => column.title.toUpperCase())] : []
  const cells = [...head, ...rows].map((row) => columns.map((_, at) => harmless(row[at] ?? '')))
  // Not as arguments of one call, which a long list would overflow the stack with.
  const natural = columns.map((_, at) =>
    cells.reduce((widest, row) => Math.max(widest, stringWidth(row[at] ?? '')), 0),
  )
  const widths = shrunk(columns, natural, width)
  if (!titled) return lines(cells.flatMap((row) => wrappedRow(columns, widths, row)))
  const drawn = cells.map((row) => renderRow(columns, widths, row))
  const isCut = widths.some((each, at) => each < (natural[at] ?? 0))
  if (isCut) onCut?.()
  return lines(isCut && onCut === undefined ? [...drawn, CUT_TO_FIT] : drawn)
}

/** Columns of the terminal behind this stream, or `Infinity`: what is piped is never cut, nor where none are known. */
export function widthOfTerminal({
  isTTY,
  columns,
}: {
  readonly isTTY?: boolean
  readonly columns?: number
}): number {
  return isTTY === true && columns !== undefined && columns > 0 ? columns : Number.POSITIVE_INFINITY
}

/** A row whose long cells go on in rows below it. */
function wrappedRow(
  columns: readonly Column[],
  widths: readonly number[],
  row: readonly string[],
): readonly string[] {
  const cells = columns.map((_, at) => wrapText(row[at] ?? '', widths[at] ?? 0))
  const height = Math.max(...cells.map(({ length }) => length))
  return Array.from({ length: height }, (_, n) => {
    return renderRow(
      columns,
      widths,
      cells.map((cell) => cell[n] ?? ''),
    )
  })
}

function renderRow(
  columns: readonly Column[],
  widths: readonly number[],
  row: readonly string[],
): string {
  const cells = columns.map(({ align }, at) => {
    const width = widths[at] ?? 0
    const cell = harmlessWithin(row[at] ?? '', width)
    const padding = ' '.repeat(Math.max(0, width - stringWidth(cell)))
    return align === 'right' ? padding + cell : cell + padding
  })
  return cells.join(GAP).trimEnd()
}

function shrunk(
  columns: readonly Column[],
  natural: readonly number[],
  available: number,
): readonly number[] {
  const widths = [...natural]
  const room = available - GAP.length * (columns.length - 1)
  let excess = widths.reduce((sum, width) => sum + width, 0) - room
  while (excess > 0) {
    const widest = widestShrinkable(columns, widths)
    if (widest === undefined) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess -= 1
  }
  return widths
}

function widestShrinkable(
  columns: readonly Column[],
  widths: readonly number[],
): number | undefined {
  let found: number | undefined
  for (const [at, { shrinkTo }] of columns.entries()) {
    const width = widths[at] ?? 0
    if (shrinkTo === undefined || width <= shrinkTo) continue
    if (found === undefined || width > (widths[found] ?? 0)) found = at
  }
  return found
}

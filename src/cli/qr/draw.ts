import type { QrModules } from './modules.ts'

/** The size and abilities of a terminal. */
export interface QrCanvas {
  /** Columns and rows there are; `Infinity` where that is not known. */
  readonly columns: number
  readonly rows: number
  /** Half blocks can be shown; else two blanks make one square. */
  readonly unicode: boolean
  /** Dark squares on light can be forced; else the terminal is taken to be dark. */
  readonly color: boolean
}

/** The quiet zone that the standard asks for, and the least that readers put up with, in squares. */
const QUIET_WANTED = 4
const QUIET_LEAST = 1

/** Rows of the terminal that stay free for a line below the code, and the prompt. */
const ROWS_KEPT = 2

/** Black and white of the 256-colour table, which themes leave alone, unlike the first 16. */
const DARK_ON_LIGHT = '\u001b[38;5;16;48;5;231m'
const DARK = '\u001b[48;5;16m'
const LIGHT = '\u001b[48;5;231m'
const PLAIN = '\u001b[0m'

/**
 * Draws the code as lines for a terminal, with as wide a quiet zone as there is room for.
 * @returns nothing if it does not fit or can't be shown so that a camera would read it
 */
export function drawQr(modules: QrModules, canvas: QrCanvas): readonly string[] | undefined {
  const { columns, color, unicode } = canvas
  if (!unicode && !color) return undefined
  const squareWidth = unicode ? 1 : 2
  const across = quietZone(Math.floor(columns / squareWidth) - modules.length)
  const rowsOfSquares = (canvas.rows - ROWS_KEPT) * (unicode ? 2 : 1)
  // The code has an odd number of squares: half blocks always have half a row to spare.
  const down = quietZone(rowsOfSquares - modules.length - (unicode ? 1 : 0))
  if (across === undefined || down === undefined) return undefined
  const squares = withQuietZone(modules, across, down)
  return unicode ? inHalfBlocks(squares, color) : inBlanks(squares)
}

/** Squares on each side, if there are `spare` for both together. */
function quietZone(spare: number): number | undefined {
  const each = Math.min(QUIET_WANTED, Math.floor(spare / 2))
  return each < QUIET_LEAST ? undefined : each
}

function withQuietZone(modules: QrModules, across: number, down: number): QrModules {
  const side = new Array<boolean>(across).fill(false)
  const blank = new Array<boolean>(modules.length + 2 * across).fill(false)
  const blanks = Array.from({ length: down }, () => blank)
  return [...blanks, ...modules.map((row) => [...side, ...row, ...side]), ...blanks]
}

/** Foreground is the dark squares with colours, and the light ones without. */
function inHalfBlocks(squares: QrModules, color: boolean): readonly string[] {
  const lines: string[] = []
  for (let at = 0; at < squares.length; at += 2) {
    const upper = squares[at] ?? []
    const lower = squares[at + 1] ?? []
    const text = upper.map((dark, column) => {
      return halfBlock(dark === color, (lower[column] ?? false) === color)
    })
    lines.push(color ? `${DARK_ON_LIGHT}${text.join('')}${PLAIN}` : text.join(''))
  }
  return lines
}

function halfBlock(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀'
  return lower ? '▄' : ' '
}

function inBlanks(squares: QrModules): readonly string[] {
  return squares.map((row) => {
    const runs = row.map((dark, at) => {
      const color = dark ? DARK : LIGHT
      return at > 0 && dark === row[at - 1] ? '  ' : `${color}  `
    })
    return `${runs.join('')}${PLAIN}`
  })
}

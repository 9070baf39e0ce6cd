/**
 * A tiny terminal: turns what was printed into the picture that a camera would see. Knows the half
 * blocks and the colours that we print, and nothing else, so that anything else fails the test.
 */

/** Pixels of a half block, which is about a square on a terminal. */
const SQUARE = 6
/** Terminal round the code. */
const MARGIN = 4

export interface Picture {
  readonly width: number
  readonly height: number
  /** One byte for each pixel, 0 is black. */
  readonly gray: Uint8Array
}

interface Brightness {
  readonly ink: number
  readonly paper: number
}

/** A dark terminal, before any colour was chosen. */
const DARK_TERMINAL: Brightness = { ink: 220, paper: 20 }
const LIGHT_TERMINAL: Brightness = { ink: 20, paper: 245 }

/** A choice of colours, or one character. */
const TOKEN = /\u001b\[([\d;]+)m|[\s\S]/gu

export function photographed(
  lines: readonly string[],
  { light = false }: { readonly light?: boolean } = {},
): Picture {
  const terminal = light ? LIGHT_TERMINAL : DARK_TERMINAL
  const rows = lines.flatMap((line) => halvesOf(line, terminal))
  const columns = Math.max(...rows.map((row) => row.length))
  const width = (columns + 2 * MARGIN) * SQUARE
  const height = (rows.length + 2 * MARGIN) * SQUARE
  const gray = new Uint8Array(width * height).fill(terminal.paper)
  for (const [y, row] of rows.entries()) {
    for (const [x, value] of row.entries()) paint(gray, width, x + MARGIN, y + MARGIN, value)
  }
  return { width, height, gray }
}

/** Columns that a line takes. */
export function columnsOf(line: string): number {
  return cellsOf(line, DARK_TERMINAL).length
}

function paint(gray: Uint8Array, width: number, x: number, y: number, value: number): void {
  for (let row = 0; row < SQUARE; row++) {
    const start = (y * SQUARE + row) * width + x * SQUARE
    gray.fill(value, start, start + SQUARE)
  }
}

function halvesOf(line: string, terminal: Brightness): number[][] {
  const cells = cellsOf(line, terminal)
  return [cells.map(([upper]) => upper), cells.map(([, lower]) => lower)]
}

function cellsOf(line: string, terminal: Brightness): [number, number][] {
  const cells: [number, number][] = []
  let now = terminal
  for (const [token, colors] of line.matchAll(TOKEN)) {
    if (colors === undefined) cells.push(cellOf(token, now))
    else now = colored(colors, now, terminal)
  }
  return cells
}

function cellOf(character: string, { ink, paper }: Brightness): [number, number] {
  switch (character) {
    case ' ':
      return [paper, paper]
    case '█':
      return [ink, ink]
    case '▀':
      return [ink, paper]
    case '▄':
      return [paper, ink]
    default:
      throw new Error(`unexpected on the screen: ${JSON.stringify(character)}`)
  }
}

function colored(colors: string, now: Brightness, terminal: Brightness): Brightness {
  switch (colors) {
    case '0':
      return terminal
    case '38;5;16;48;5;231':
      return { ink: 0, paper: 255 }
    case '48;5;16':
      return { ...now, paper: 0 }
    case '48;5;231':
      return { ...now, paper: 255 }
    default:
      throw new Error(`unexpected colours: ${colors}`)
  }
}

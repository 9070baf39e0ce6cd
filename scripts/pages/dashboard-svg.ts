import { textWidth } from '../../src/dashboard/text/fit.ts'
import type { Line, Tone } from '../../src/dashboard/text/span.ts'
import { recordedFrame } from '../docs/recorded-frame.ts'

const [COLUMNS, ROWS] = [100, 26]
/** Of one character, px. */
const [WIDTH, HEIGHT] = [8.4, 18]

const COLOURS: Readonly<Record<Tone, string>> = {
  plain: '#d0d0d0',
  dim: '#808080',
  strong: '#ffffff',
  good: '#73c991',
  bad: '#f48771',
  warn: '#e2c08d',
  accent: '#6cb6d9',
  chosen: '#ffffff',
}

/** The dashboard as a picture. */
export function generate(): string {
  const lines = recordedFrame(COLUMNS, ROWS)
  const [width, height] = [Math.ceil((COLUMNS + 2) * WIDTH), (lines.length + 1) * HEIGHT]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img" aria-label="The dashboard">`,
    `<rect width="100%" height="100%" rx="6" fill="#1c1c1c"/>`,
    '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
    ...lines.map(textOf),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** Each piece at its own place: fonts differ in how wide their signs are. */
function textOf(line: Line, row: number): string {
  let column = 1
  const pieces = line.map(({ text, tone }) => {
    const x = (column * WIDTH).toFixed(1)
    const width = textWidth(text)
    column += width
    if (text.trim() === '') return ''
    const length = (width * WIDTH).toFixed(1)
    return `<tspan x="${x}" textLength="${length}" fill="${COLOURS[tone]}">${escaped(text)}</tspan>`
  })
  return `<text y="${(row + 1) * HEIGHT + 2}">${pieces.join('')}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

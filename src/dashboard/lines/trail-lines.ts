import type { Board, BoardRecord } from '../board/board.ts'
import { cutLine, type Line, span, type Tone } from '../text/span.ts'
import { clockTime } from '../text/time-words.ts'
import type { Words } from '../text/words.ts'
import type { Screen } from './screen.ts'

/** The end of the trail: a title, then the newest records, the newest last. */
export function trailLines(board: Board, screen: Screen, height: number): readonly Line[] {
  const { columns, glyphs, words } = screen
  if (height < 2) return []
  const title = `${glyphs.rule}${glyphs.rule} trail `
  const head = [span(title + glyphs.rule.repeat(Math.max(0, columns - title.length)), 'dim')]
  const records = board.records.slice(1 - height)
  const lines = records.map((record) =>
    cutLine(recordLine(record, words), columns, glyphs.ellipsis),
  )
  return [head, ...lines]
}

function recordLine(record: BoardRecord, words: Words): Line {
  const { at, severity, type, about, states, reason, fields } = record
  const way = states.map((state) => words.state(state)).join(' > ')
  const why = reason === undefined ? '' : `(${words.reason(reason)})`
  const text = [about, way, why, fields].filter((part) => part !== '').join(' ')
  const grave = severity === 'info' ? '' : `${severity.toUpperCase()} `
  return [
    span(`${clockTime(at)} `, 'dim'),
    span(`${type} `),
    span(grave, TONES.get(severity) ?? 'plain'),
    span(text),
  ]
}

const TONES: ReadonlyMap<string, Tone> = new Map([
  ['notice', 'accent'],
  ['warning', 'warn'],
  ['alarm', 'bad'],
])

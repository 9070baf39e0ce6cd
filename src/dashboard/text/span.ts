import { cutText, textWidth } from './fit.ts'

/** The way a piece of text stands out. Its meaning must not rest on that: there may be no colours. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'bad' | 'warn' | 'accent' | 'chosen'

/** A piece of one line. Its text is harmless: nothing in it moves the cursor or breaks the line. */
export interface Span {
  readonly text: string
  readonly tone: Tone
}

/** One line of the screen. */
export type Line = readonly Span[]

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone }
}

/** The first so many characters, none of them in half. */
export function beginningOf(text: string, characters: number): string {
  return Array.from(text).slice(0, characters).join('')
}

/** The last so many characters, none of them in half: the end of a peer id differs, its beginning does not. */
export function endOf(text: string, characters: number): string {
  return characters <= 0 ? '' : Array.from(text).slice(-characters).join('')
}

/** Writes the text in exactly so many columns. */
export function inColumns(
  text: string,
  columns: number,
  ellipsis: string,
  align: 'left' | 'right' = 'left',
): string {
  const kept = cutText(text, columns, ellipsis)
  const padding = ' '.repeat(Math.max(0, columns - textWidth(kept)))
  return align === 'right' ? padding + kept : kept + padding
}

/** Keeps as many of the spans as fit, the last of them cut. */
export function cutLine(line: Line, columns: number, ellipsis: string): Line {
  const fitted: Span[] = []
  let left = columns
  for (const { text, tone } of line) {
    if (left <= 0) break
    const kept = cutText(text, left, ellipsis)
    fitted.push({ text: kept, tone })
    left -= textWidth(kept)
    if (kept !== text) break
  }
  return fitted
}

/** Puts left and right on one line; the right one gives way. */
export function spread(left: Line, right: Line, columns: number): Line {
  const used = lineWidth(left) + lineWidth(right)
  if (used > columns) return left
  return [...left, span(' '.repeat(columns - used)), ...right]
}

/** Columns that a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0)
}

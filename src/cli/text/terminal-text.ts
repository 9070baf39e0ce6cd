import stringWidth from 'string-width'
import { harmless } from './harmless.ts'

export { harmless }

const ELLIPSIS = '…'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** `harmless`, cut to so many columns; the last is `…` where something was cut off. */
export function harmlessWithin(text: string, columns: number): string {
  return cutTo(harmless(text), columns)
}

function cutTo(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment)
    if (used > columns - 1) break
    kept += segment
  }
  return columns < 1 ? '' : kept + ELLIPSIS
}

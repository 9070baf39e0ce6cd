import type { Glyphs } from '../text/glyphs.ts'
import type { Line } from '../text/span.ts'
import type { Words } from '../text/words.ts'

/** The screen to draw on: its size, its signs, the time. */
export interface Screen {
  readonly columns: number
  readonly rows: number
  readonly glyphs: Glyphs
  /** Now on the listener's clock, ms since the epoch. */
  readonly now: number
  readonly words: Words
  /** Leaving the view stops the listener. */
  readonly isListeners: boolean
}

/** The lines that fit, and which of all they are. */
export interface Window {
  readonly lines: readonly Line[]
  /** The first and the last that are shown, from 1; both 0 if there is none. */
  readonly from: number
  readonly to: number
  readonly of: number
}

/** Takes at most `height` of the lines, past the first `scroll`, with no empty room at the end. */
export function windowOf(lines: readonly Line[], scroll: number, height: number): Window {
  const start = Math.max(0, Math.min(scroll, lines.length - height))
  const shown = lines.slice(start, start + Math.max(0, height))
  const to = start + shown.length
  return { lines: shown, from: shown.length === 0 ? 0 : start + 1, to, of: lines.length }
}

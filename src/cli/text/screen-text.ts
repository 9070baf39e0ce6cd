import { harmless } from './harmless.ts'

declare const harmlessText: unique symbol

/**
 * Text that does no harm on a screen, the only kind that is written to one. Whatever is put into it, from wherever, can't
 * move the cursor, begin a line, turn the writing direction or hide. Only `line`, `lines` and their kin here make it; a
 * template around it is a plain string again, to be made a line anew.
 */
export type ScreenText = string & { readonly [harmlessText]: true }

/** Makes one line of a text, whatever is in it. */
export function line(text: string): ScreenText {
  return harmless(text) as ScreenText
}

/** Makes a line of each text. */
export function lines(texts: readonly string[]): ScreenText {
  return texts.map(harmless).join('\n') as ScreenText
}

/** Puts texts under each other. */
export function stacked(texts: readonly ScreenText[]): ScreenText {
  return texts.join('\n') as ScreenText
}

/** Puts texts under each other, with an empty line between two. */
export function paragraphs(texts: readonly ScreenText[]): ScreenText {
  return texts.join('\n\n') as ScreenText
}

/** The rows of a table for programs, which may end as CSV's do. */
const ROW_END = /(\r?\n)/

/** Makes rows harmless that are written many at a time, and keeps their ends. */
export function harmlessRows(text: string): ScreenText {
  const pieces = text.split(ROW_END)
  return pieces.map((piece, at) => (at % 2 === 1 ? piece : harmless(piece))).join('') as ScreenText
}

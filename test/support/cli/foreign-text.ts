import fc from 'fast-check'
import { HOSTILE_STRINGS } from '../hostile-strings.ts'

/** What must not be on a screen, but for the ends of lines. */
const FOREIGN = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** The first character of a text that a terminal would obey or hide; undefined if there is none. */
export function foreignIn(text: string): string | undefined {
  return FOREIGN.exec(text)?.[0]
}

/** Whatever somebody else may put wherever there is room for text. */
export const ANY_TEXT: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_STRINGS),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

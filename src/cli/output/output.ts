import type { ScreenText } from '../text/screen-text.ts'

/** The output of a command. `--quiet` and `--json` decide which of it is written. */
export interface Output {
  /** Writes the answer, to stdout. */
  answer(text: ScreenText): void
  /** Writes a line of hints and progress, to stderr. */
  note(text: string): void
  /** Warns of something about an answer that is good: to stderr, or in the document. */
  warn(text: string): void
}

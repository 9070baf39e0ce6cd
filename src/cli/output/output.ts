import type { ScreenText } from '../text/screen-text.ts'

/** A party that a run has made: a key of its own. */
export interface NewParty {
  /** `12D3KooW…` */
  readonly peerId: string
  readonly directory: string
}

/** The output of a command. `--quiet` and `--json` decide which of it is written. */
export interface Output {
  /** Writes the answer, to stdout. */
  answer(text: ScreenText): void
  /** Writes a line of hints and progress, to stderr. */
  note(text: string): void
  /** Warns of something about an answer that is good: to stderr, or in the document. */
  warn(text: string): void
  /** Tells that a new party was made: to stderr, or in the document. */
  newParty(party: NewParty): void
}

/** How a command speaks. Which of it is heard, `--quiet` and `--json` decide. */
export interface Voice {
  /** The answer, to stdout. */
  answer(text: string): void
  /** Hints and progress, to stderr. */
  note(text: string): void
  /** What the user should know about an answer that is good: to stderr, or into the document. */
  warn(text: string): void
}

/** So many threads are remembered; an older one's first record is looked up. */
const MAX_REMEMBERED = 8_192

/** How a row can be found by its session: the columns that are indexed, beside the text. */
export interface IndexedRow {
  readonly seq: number
  /** Names the session, in a session's first record. */
  readonly sessionId: string | null
  /** Points to that record, in the later ones. */
  readonly thread: number | null
}

/** Whether who looks for a session finds its records, and only those. */
export class ThreadCheck {
  readonly #lookUp: (seq: number) => string | undefined
  /** The session that a thread's first record names. */
  readonly #started = new Map<number, string>()

  /** @param lookUp the session that an earlier row names in its column */
  constructor(lookUp: (seq: number) => string | undefined) {
    this.#lookUp = lookUp
  }

  /** @param sessionId as the record's text has it */
  isFound(row: IndexedRow, sessionId: string | undefined): boolean {
    if (sessionId === undefined) return row.sessionId === null && row.thread === null
    if (row.thread === null) {
      this.#remember(row.seq, sessionId)
      return row.sessionId === sessionId
    }
    return row.sessionId === null && row.thread < row.seq && this.#of(row.thread) === sessionId
  }

  #of(thread: number): string | undefined {
    const known = this.#started.get(thread)
    if (known !== undefined) return known
    const found = this.#lookUp(thread)
    if (found !== undefined) this.#remember(thread, found)
    return found
  }

  #remember(seq: number, sessionId: string): void {
    this.#started.set(seq, sessionId)
    if (this.#started.size <= MAX_REMEMBERED) return
    for (const oldest of this.#started.keys()) {
      this.#started.delete(oldest)
      return
    }
  }
}

import { Recent } from '../record/recent.ts'

/** Threads that are remembered at least; an older one's first record is looked up. */
const REMEMBERED = 4_096

/** The columns by which a row is found by its session. */
export interface IndexedRow {
  readonly seq: number
  /** Names the session, in a session's first record. */
  readonly sessionId: string | null
  /** Points to that record, in the later ones. */
  readonly thread: number | null
}

/** Checks that a search for a session finds its records, and only those. */
export class ThreadCheck {
  readonly #lookUp: (seq: number) => string | undefined
  /** The session that a thread's first record names. */
  readonly #started = new Recent<number, string>(REMEMBERED)

  /** @param lookUp returns the session that an earlier row names in its column */
  constructor(lookUp: (seq: number) => string | undefined) {
    this.#lookUp = lookUp
  }

  /** @param sessionId as the record's text has it */
  isFound(row: IndexedRow, sessionId: string | undefined): boolean {
    if (sessionId === undefined) return row.sessionId === null && row.thread === null
    if (row.thread === null) {
      const isSame = row.sessionId === sessionId
      // The column's own text: a part of the record's would keep all of it.
      this.#started.set(row.seq, isSame ? row.sessionId : sessionId)
      return isSame
    }
    return row.sessionId === null && row.thread < row.seq && this.#of(row.thread) === sessionId
  }

  #of(thread: number): string | undefined {
    const known = this.#started.get(thread)
    if (known !== undefined) return known
    const found = this.#lookUp(thread)
    if (found !== undefined) this.#started.set(thread, found)
    return found
  }
}

import { Recent } from '../record/recent.ts'
import type { RecordKeys } from './scan-record.ts'

/** Threads that are remembered at least; an older one's first record is looked up. */
const REMEMBERED = 4_096

/** The columns by which a row is found. */
export interface IndexedRow {
  readonly seq: number
  /** Names the session, in a thread's first record. */
  readonly sessionId: string | null
  /** Points to that record, in the later ones. */
  readonly thread: number | null
}

/** The names by which a thread's records are found: those of its first record. */
export type ThreadNames = Pick<RecordKeys, 'sessionId' | 'tokenId' | 'peerId'>

/** Checks that a search for a session, an invitation or a peer finds the records that name it, and only those. */
export class ThreadCheck {
  readonly #lookUp: (seq: number) => ThreadNames | undefined
  readonly #started = new Recent<number, ThreadNames>(REMEMBERED)

  /** @param lookUp returns the names of a thread that begins with an earlier row */
  constructor(lookUp: (seq: number) => ThreadNames | undefined) {
    this.#lookUp = lookUp
  }

  /** @param names as the record's text has them */
  isFound(row: IndexedRow, names: ThreadNames): boolean {
    const { sessionId, tokenId, peerId } = names
    if (sessionId === undefined) return row.sessionId === null && row.thread === null
    if (row.thread === null) {
      this.#started.set(row.seq, { sessionId, tokenId, peerId })
      return row.sessionId === sessionId
    }
    const first = row.sessionId === null && row.thread < row.seq ? this.#of(row.thread) : undefined
    return first?.sessionId === sessionId && first.tokenId === tokenId && first.peerId === peerId
  }

  #of(thread: number): ThreadNames | undefined {
    const known = this.#started.get(thread)
    if (known !== undefined) return known
    const found = this.#lookUp(thread)
    if (found !== undefined) this.#started.set(thread, found)
    return found
  }
}

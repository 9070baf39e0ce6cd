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
  readonly #started = new Recent<number, ThreadNames>(REMEMBERED)

  /** Returns the earlier row whose names must be learned before this one can be checked; undefined if there is none. */
  unknown({ seq, sessionId, thread }: IndexedRow): number | undefined {
    if (sessionId !== null || thread === null || thread >= seq) return undefined
    return this.#started.get(thread) === undefined ? thread : undefined
  }

  /** @param names those of a thread that begins with this row; undefined if none does */
  learn(thread: number, names: ThreadNames | undefined): void {
    if (names !== undefined) this.#started.set(thread, names)
  }

  /** @param names as the record's text has them */
  isFound(row: IndexedRow, names: ThreadNames): boolean {
    const { sessionId, tokenId, peerId } = names
    if (sessionId === undefined) return row.sessionId === null && row.thread === null
    if (row.thread === null) {
      this.#started.set(row.seq, { sessionId, tokenId, peerId })
      return row.sessionId === sessionId
    }
    if (row.sessionId !== null || row.thread >= row.seq) return false
    const first = this.#started.get(row.thread)
    return first?.sessionId === sessionId && first.tokenId === tokenId && first.peerId === peerId
  }
}

import { Recent } from '../../audit/record/recent.ts'
import type { AuditDraft } from '../../audit/record/record.ts'

/** Sessions that are remembered at least. One that was forgotten begins another thread. */
const REMEMBERED = 4_096

/** A session's newest thread: the number of its first record, and the ids that all its records name. */
interface Thread {
  readonly first: number
  readonly tokenId: string | undefined
  readonly peerId: string | undefined
}

/**
 * Assigns records to threads. A thread is the records of one session that name the same invitation and peer. An index on
 * random ids writes a page for every entry, so only a thread's first record is indexed by its ids, and the others by the
 * first one's number.
 */
export class AuditThreads {
  readonly #newest = new Recent<string, Thread>(REMEMBERED)

  /**
   * Returns the first record of the thread that this record belongs to; undefined if it begins one or is about no session.
   * @param removedUpTo records up to this one are removed: no thread can begin there
   */
  join(draft: AuditDraft, seq: number, removedUpTo: number): number | undefined {
    const { sessionId, tokenId, peerId } = draft
    if (sessionId === undefined) return undefined
    const thread = this.#newest.get(sessionId)
    const isSame = thread?.tokenId === tokenId && thread?.peerId === peerId
    if (thread !== undefined && isSame && thread.first > removedUpTo) return thread.first
    this.#newest.set(sessionId, { first: seq, tokenId, peerId })
    return undefined
  }

  clear(): void {
    this.#newest.clear()
  }
}

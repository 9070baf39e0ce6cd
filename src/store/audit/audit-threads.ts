import { Recent } from '../../audit/record/recent.ts'

/** How many sessions are remembered at least. One that was forgotten begins another thread. */
const REMEMBERED = 4_096

/**
 * Which record was the first about a session. An index on random session ids costs a page for every
 * record; so only a session's first record is indexed by the id, and the others by the first one's number.
 */
export class AuditThreads {
  readonly #first = new Recent<string, number>(REMEMBERED)

  /**
   * The thread this record belongs to, or undefined if it begins one or is about no session.
   * @param removedUpTo records up to this one are gone: no thread can begin there
   */
  join(sessionId: string | undefined, seq: number, removedUpTo: number): number | undefined {
    if (sessionId === undefined) return undefined
    const thread = this.#first.get(sessionId)
    if (thread !== undefined && thread > removedUpTo) return thread
    this.#first.set(sessionId, seq)
    return undefined
  }

  clear(): void {
    this.#first.clear()
  }
}

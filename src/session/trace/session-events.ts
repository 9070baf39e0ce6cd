import type { RefusalCode } from '../../protocol/message/messages.ts'
import type { JournalEntry, SessionSummary } from '../ports/store.ts'
import type { NearLimitKind } from '../run/near-limits.ts'

/**
 * What a {@link SessionCore} tells its listeners. Everything is committed by then, if it is recorded at all; but for
 * the end of a session that the store dropped, which it hears of when it takes something again.
 */
export interface SessionEvents {
  /** A session moved, by one or more steps. */
  session: [summary: SessionSummary, path: readonly JournalEntry[]]
  /** A session reached its final state. */
  ended: [summary: SessionSummary]
  /** A stream was refused before it became a session. */
  refused: [peerId: string, code: RefusalCode]
  /** A session came close to one of its limits: what, and how close. */
  strained: [sessionId: string, detail: string, kind: NearLimitKind]
  /** What a peer showed can't be right: in words. The audit has it as an alarm. */
  alarmed: [sessionId: string, detail: string]
  /** A hook failed where no session waits for it. */
  hookComplaint: [hook: string, detail: string]
  /** The store can't be written: what was under way there was dropped without a word. */
  storeFailed: [error: unknown]
}

/** Sessions under way and counts since the start. */
export interface SessionCounts {
  readonly listener: number
  readonly dialer: number
  readonly total: number
}

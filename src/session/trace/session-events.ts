import type { RefusalCode } from '../../protocol/message/messages.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { RequestNews } from '../ports/uses/pending-request.ts'
import type { NearLimitKind } from '../run/near-limits.ts'

/**
 * The events of a {@link SessionCore}. Each is committed by then, if it is recorded at all; except the end of a session
 * whose commit failed, which is stored when the store can be written again.
 */
export interface SessionEvents {
  /** A session moved, by one or more steps. */
  session: [summary: SessionSummary, path: readonly JournalEntry[]]
  /** A session reached its final state. */
  ended: [summary: SessionSummary]
  /** A stream was refused before it became a session. */
  refused: [peerId: string, code: RefusalCode]
  /** A request at an invitation by hand began to wait, was said yes or no to, or is over without that. */
  request: [news: RequestNews]
  /** A session came close to one of its limits: to which, and how close. */
  strained: [sessionId: string, detail: string, kind: NearLimitKind]
  /** A checkpoint that a peer showed can't be right: in words. The audit has it as an alarm. */
  alarmed: [sessionId: string, detail: string]
  /** A hook threw, was late, or gave a wrong answer; or a listener of these events threw. */
  hookComplaint: [hook: string, detail: string]
  /** The store can't be written: the sessions under way in the lost batch ended without a message. */
  storeFailed: [error: unknown]
  /** The node on which sessions are answered will not do, in words. Not of a core by itself: of the library's manager. */
  warning: [text: string]
}

/** Sessions under way and counts since the start. */
export interface SessionCounts {
  readonly listener: number
  readonly dialer: number
  readonly total: number
}

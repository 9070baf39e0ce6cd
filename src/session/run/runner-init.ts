import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import type { Deadlines } from '../machine/deadlines.ts'
import type { Clock } from '../ports/clock.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { SessionStore } from '../ports/store.ts'

/** Watches a session. What it is told is committed, or of a session that is not recorded, unless said otherwise. */
export interface RunnerObserver {
  moved(summary: SessionSummary, path: readonly JournalEntry[], recorded: boolean): void
  /** The outcome of the session is certain; its end is written, and durable as soon as `written` resolves. */
  certain(summary: SessionSummary, written: Promise<void>): void
  /** Final state reached and, if recorded, durable. */
  ended(summary: SessionSummary, extent: MessageExtent): void
  /** The store failed: the session is over without a word. */
  storeFailed(error: unknown): void
  /**
   * The disk has not answered in time: the session is over without a word, and it is not known yet what of it is stored.
   * `ended`, `dropped` or `storeFailed` follows once it is.
   */
  inDoubt(): void
  /** After `inDoubt`: all that the session wrote is on the disk, and an end is not among it. */
  dropped(): void
}

/** How a session came to its end: in a final state, because the store failed, or without an answer of the store. */
export type EndOfRun =
  | { readonly summary: SessionSummary }
  | { readonly error: unknown }
  | { readonly inDoubt: true }
  | { readonly dropped: true }

/** Shared by the sessions of one node. */
export interface RunnerPorts {
  readonly store: SessionStore
  readonly clock: Clock
  readonly config: Deadlines
}

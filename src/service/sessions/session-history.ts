import type { JournalEntry, SessionSummary, TallyRecord } from '../../session/ports/store.ts'
import type { Tallies } from '../../store/ledger/tallies.ts'
import type { SessionFilter } from '../../store/sessions/session-log.ts'
import type { Store } from '../../store/transaction/store.ts'
import { type AuditEntry, auditEntry } from '../trail/audit-entry.ts'

export type { SessionFilter, SessionSummary }

/** A change of state. `ms`: how long the session was in `from`, on the monotonic clock. */
export type Transition = Omit<JournalEntry, 'event'>

/** The course of one session, in order. */
export interface SessionHistory {
  readonly transitions: readonly Transition[]
  readonly audit: readonly AuditEntry[]
}

/** A session, and what its tally is by now, if there is one. */
export interface ListedSession extends SessionSummary {
  /** The later it began to be kept, the higher. */
  readonly seq: number
  readonly tallyStatus: TallyRecord['status'] | undefined
}

/** Newest first, unless it is about those after one. @throws StoreError */
export function listSessions(store: Store, filter: SessionFilter): readonly ListedSession[] {
  return store.read(({ sessions, tallies }) =>
    sessions
      .page(filter)
      .map(({ seq, summary }) => ({ ...summary, seq, tallyStatus: statusOf(tallies, summary) })),
  )
}

/** Counts the sessions that are wanted, on all pages. @throws StoreError */
export function countSessionsLike(store: Store, filter: SessionFilter): number {
  return store.read(({ sessions }) => sessions.count(filter))
}

/** Sessions whose id starts so, at most ten. @throws StoreError */
export function sessionsStartingWith(store: Store, prefix: string): readonly SessionSummary[] {
  return store.read(({ sessions }) => sessions.startingWith(prefix))
}

/** Finds the present status of a session's tally. @throws StoreError */
export function tallyStatus(store: Store, session: SessionSummary): ListedSession['tallyStatus'] {
  return store.read(({ tallies }) => statusOf(tallies, session))
}

function statusOf(tallies: Tallies, { tallyId }: SessionSummary): ListedSession['tallyStatus'] {
  return tallyId === undefined ? undefined : tallies.find(tallyId)?.status
}

/** Of old sessions only the audit remains. @throws StoreError, AuditRecordInvalidError */
export function sessionHistory(store: Store, id: string): SessionHistory {
  return store.read(({ sessions, audit }) => ({
    transitions: sessions.entries(id).filter(isMove).map(withoutEvent),
    audit: audit.ofSession(id).map(auditEntry),
  }))
}

/** Picks the changes of state: a reader wants to see where the session went, not each event within a state. */
function isMove({ from, to }: JournalEntry): boolean {
  return from !== to
}

function withoutEvent({ event: _event, ...transition }: JournalEntry): Transition {
  return transition
}

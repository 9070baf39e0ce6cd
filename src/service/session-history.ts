import type { JournalEntry, SessionSummary } from '../session/ports/store.ts'
import type { SessionFilter } from '../store/session-log.ts'
import type { Store } from '../store/store.ts'
import { type AuditEntry, auditEntry } from './trail/audit-entry.ts'

export type { SessionFilter, SessionSummary }

/** A change of state. `ms`: how long the session was in `from`, on the monotonic clock. */
export type Transition = Omit<JournalEntry, 'event'>

/** What happened in one session, in order. */
export interface SessionHistory {
  readonly transitions: readonly Transition[]
  readonly audit: readonly AuditEntry[]
}

/** Newest first. @throws StoreError */
export function listSessions(store: Store, filter: SessionFilter): readonly SessionSummary[] {
  return store.read(({ sessions }) => sessions.list(filter))
}

/** Of old sessions only the audit remains. @throws StoreError, AuditRecordInvalidError */
export function sessionHistory(store: Store, id: string): SessionHistory {
  return store.read(({ sessions, audit }) => ({
    transitions: sessions.entries(id).filter(isMove).map(withoutEvent),
    audit: audit.ofSession(id).map(auditEntry),
  }))
}

/** Within one state much may happen; who looks wants to see where the session went. */
function isMove({ from, to }: JournalEntry): boolean {
  return from !== to
}

function withoutEvent({ event: _event, ...transition }: JournalEntry): Transition {
  return transition
}

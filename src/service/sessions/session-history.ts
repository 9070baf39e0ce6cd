import type { JournalEntry, SessionSummary } from '../../session/ports/session-summary.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Tallies } from '../../store/ledger/tallies.ts'
import type { SessionFilter } from '../../store/sessions/session-log.ts'
import type { Store } from '../../store/transaction/store.ts'
import { type AuditEntry, auditEntry } from '../trail/audit-entry.ts'
import { awaitedUntil } from './awaited-answer.ts'
import { nameIn } from './partner-name.ts'

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
  /** The name that the peer disclosed, which is kept with the tally. Foreign text. */
  readonly peerName: string | undefined
  /** dialer: its request waits for the inviter's word; until then its place is kept, ms since the epoch. */
  readonly awaitedUntil: number | undefined
}

/** Newest first, unless it is about those after one. @throws StoreError */
export function listSessions(store: Store, filter: SessionFilter): readonly ListedSession[] {
  return store.read(({ sessions, tallies }) =>
    sessions.page(filter).map(({ seq, summary }) => ({
      ...summary,
      seq,
      ...ofTally(tallies, summary),
      awaitedUntil: awaitedUntil(sessions, summary),
    })),
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

/** Finds what is known of a session by its tally. @throws StoreError */
export function tallyOf(store: Store, session: SessionSummary): OfTally {
  return store.read(({ tallies }) => ofTally(tallies, session))
}

/** Finds until when a session's request waits for the inviter's word. @throws StoreError */
export function answerAwaited(
  store: Store,
  session: SessionSummary,
): Pick<ListedSession, 'awaitedUntil'> {
  return store.read(({ sessions }) => ({ awaitedUntil: awaitedUntil(sessions, session) }))
}

type OfTally = Pick<ListedSession, 'tallyStatus' | 'peerName'>

function ofTally(tallies: Tallies, { tallyId }: SessionSummary): OfTally {
  const tally = tallyId === undefined ? undefined : tallies.find(tallyId)
  return { tallyStatus: tally?.status, peerName: nameIn(tally?.partner.identity) }
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

import type { JournalEntry, SessionSummary } from '../../session/ports/session-summary.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import { auditRecords } from '../../store/audit/audit-records.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import {
  ASKED_STATE,
  type SessionFilter,
  sessionRecords,
} from '../../store/records/session-records.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import { type AuditEntry, auditEntry } from '../trail/audit-entry.ts'
import { awaitedUntil } from './awaited-answer.ts'
import { nameIn } from './partner-name.ts'
import { sharedRedemption } from './shared-redemption.ts'

export type { SessionFilter, SessionSummary }
export { ASKED_STATE }

/** A change of state. `ms`: how long the session was in `from`, on the monotonic clock. */
export type Transition = Omit<JournalEntry, 'event'>

type Asked = Pick<RecordStore, 'query'>

/** The course of one session, in order, and what is known of it since. */
export interface SessionHistory
  extends Pick<ListedSession, 'tallyStatus' | 'peerName' | 'awaitedUntil'> {
  /** The redemption that it is about, as both sides call it; undefined if the inviter never told. */
  readonly redemption: string | undefined
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
export function listSessions(
  store: Asked,
  filter: SessionFilter,
): Promise<readonly ListedSession[]> {
  return store.query(() => listed(filter))
}

function* listed(filter: SessionFilter): Query<readonly ListedSession[]> {
  const found: ListedSession[] = []
  for (const { seq, summary, tally } of yield* sessionRecords.page(filter)) {
    const ofTally = { tallyStatus: tally?.status, peerName: nameIn(tally?.identity) }
    found.push({ seq, ...summary, ...ofTally, awaitedUntil: yield* awaitedUntil(summary) })
  }
  return found
}

/** Counts the sessions that are wanted, on all pages. @throws StoreError */
export function countSessionsLike(store: Asked, filter: SessionFilter): Promise<number> {
  return store.query(() => sessionRecords.count(filter))
}

/** Sessions whose id starts so, at most ten. @throws StoreError */
export function sessionsStartingWith(
  store: Asked,
  prefix: string,
): Promise<readonly SessionSummary[]> {
  return store.query(() => sessionRecords.startingWith(prefix))
}

/** The course of a session, and what is known of it since. Of old sessions only the audit remains. @throws StoreError, AuditRecordInvalidError */
export function sessionHistory(store: Asked, session: SessionSummary): Promise<SessionHistory> {
  return store.query(function* () {
    const { id } = session
    return {
      ...(yield* learntSince(session)),
      redemption: yield* sharedRedemption(session),
      transitions: yield* transitionsOf(id),
      audit: (yield* auditRecords.ofSession(id)).map(auditEntry),
    }
  })
}

type LearntSince = Pick<ListedSession, 'tallyStatus' | 'peerName' | 'awaitedUntil'>

/** Finds what other rows tell of a session. */
function* learntSince(session: SessionSummary): Query<LearntSince> {
  const { tallyId } = session
  const tally = tallyId === undefined ? undefined : yield* tallyRecords.find(tallyId)
  return {
    tallyStatus: tally?.status,
    peerName: nameIn(tally?.partner.identity),
    awaitedUntil: yield* awaitedUntil(session),
  }
}

/** Returns a session's changes of state, in order. */
export function* transitionsOf(id: string): Query<readonly Transition[]> {
  return (yield* sessionRecords.entries(id)).filter(isMove).map(withoutEvent)
}

/** Picks the changes of state: a reader wants to see where the session went, not each event within a state. */
function isMove({ from, to }: JournalEntry): boolean {
  return from !== to
}

function withoutEvent({ event: _event, ...transition }: JournalEntry): Transition {
  return transition
}

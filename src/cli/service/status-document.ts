import type { ListenerStatus } from '../../service/status/listener-status.ts'
import type { StoreUsage } from '../../service/status/store-usage.ts'
import { isoTime } from '../text/time-text.ts'

/** Counts of the store, whether or not a listener runs on it. */
export interface StoredDocument {
  /** Uses that are held for a peer's next try. */
  readonly parked: number
  /** Requests that wait for your yes or no. */
  readonly requestsWaiting: number
  /** Tallies that this side has, and does not know the other side to have. */
  readonly inDoubt: number
  /** Sessions that are over. */
  readonly archived: number
  readonly tallies: number
  readonly tokens: number
  readonly auditRecords: number
  readonly removalsOwed: number
  /** Partners that showed a checkpoint of their audit, and those of them that an alarm stands for. */
  readonly witnessed: number
  readonly witnessAlarms: number
  /** Tallies that one side has and the other side has lost. */
  readonly lostUses: number
  /** Tallies that are not synced any further. */
  readonly syncStopped: number
}

/** Bytes on the disk; the tables are parts of `store`. */
export type BytesDocument = StoreUsage['files'] & { readonly tables: StoreUsage['tables'] }

/** The answer of `status --json`. Times are ISO 8601, UTC; durations in ms; sizes in bytes. */
export type StatusDocument =
  | {
      readonly running: false
      readonly nextStep: string
      /** Sessions that a listener left unfinished when it died. */
      readonly sessions: StoredDocument & { readonly unfinished: number }
      readonly bytes: BytesDocument
    }
  | ({
      readonly running: true
      readonly startedAt: string
      readonly uptimeMs: number
      readonly sessions: StoredDocument & ListenerStatus['sessions'] & { readonly live: number }
      readonly bytes: BytesDocument
    } & Omit<ListenerStatus, 'startedAt' | 'sessions'>)

const NO_USAGE: StoreUsage = {
  counts: {
    openSessions: 0,
    archivedSessions: 0,
    parked: 0,
    requestsWaiting: 0,
    inDoubt: 0,
    tallies: 0,
    tokens: 0,
    auditRecords: 0,
    removalsOwed: 0,
    witnessed: 0,
    witnessAlarms: 0,
    lostUses: 0,
    syncStopped: 0,
  },
  files: { store: 0, wal: 0, events: 0 },
  tables: { audit: 0, tallies: 0, sessions: 0, redemptions: 0, other: 0 },
}

/** @param usage undefined if there is no store yet */
export function statusDocument(
  status: ListenerStatus | undefined,
  usage: StoreUsage | undefined,
  nextStep: string,
): StatusDocument {
  const { counts, files, tables } = usage ?? NO_USAGE
  const bytes = { ...files, tables }
  const { openSessions, archivedSessions: archived, ...rest } = counts
  const stored = { ...rest, archived }
  if (status === undefined) {
    return { running: false, nextStep, sessions: { unfinished: openSessions, ...stored }, bytes }
  }
  const { startedAt, sessions, ...listener } = status
  return {
    running: true,
    ...listener,
    startedAt: isoTime(startedAt),
    uptimeMs: Math.max(0, Date.now() - startedAt),
    sessions: { live: sessions.total, ...sessions, ...stored },
    bytes,
  }
}

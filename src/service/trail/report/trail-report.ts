import type { RecordStore } from '../../../store/query/record-store.ts'
import { tokenRecords } from '../../../store/records/token-records.ts'
import { queryTrail } from '../query-trail.ts'
import { Counts } from './counts.ts'
import { AnomaliesTally, type RecordAt, type ReportAnomaly } from './report-anomalies.ts'
import { InvitationsTally, type ReportInvitations } from './report-invitations.ts'
import { type ReportSessions, SessionsTally } from './report-sessions.ts'

/** Milliseconds since the epoch; `since` is in, `until` is not. @default all there is */
export interface ReportPeriod {
  readonly since?: number
  readonly until?: number
}

/** The audit's account of a period. */
export interface TrailReport {
  readonly records: number
  /** The first and the last record in the period; undefined if there is none. */
  readonly first: RecordAt | undefined
  readonly last: RecordAt | undefined
  readonly invitations: ReportInvitations
  readonly sessions: ReportSessions
  /** Databases: what was stored, removed, could not be removed, … */
  readonly databases: Readonly<Record<string, number>>
  /** Commands that changed something. */
  readonly commands: Readonly<Record<string, number>>
  readonly anomalies: readonly ReportAnomaly[]
}

/**
 * Walks the audit of a period once. Needs no more room for a million records than for ten.
 * @param now what has not expired by then has not expired; milliseconds since the epoch
 * @throws StoreError, AuditRecordInvalidError
 */
export async function reportTrail(
  store: RecordStore,
  period: ReportPeriod,
  now: number,
): Promise<TrailReport> {
  const [invitations, sessions] = [new InvitationsTally(), new SessionsTally()]
  const [databases, commands, anomalies] = [new Counts(), new Counts(), new AnomaliesTally()]
  let records = 0
  let first: RecordAt | undefined
  let last: RecordAt | undefined
  for await (const { entry } of queryTrail(store, period)) {
    const { type, seq, at, data } = entry
    records += 1
    last = { seq, at }
    first ??= last
    invitations.add(entry)
    sessions.add(entry)
    anomalies.add(entry)
    if (type === 'database') databases.add(String(data['event']))
    if (type === 'operator') commands.add(String(data['command']))
  }
  const { since = 0, until = now } = period
  const end = Math.min(until, now)
  const unnoted = await store.query(() => tokenRecords.countUnnoted(since, end))
  const counted = invitations.report()
  return {
    records,
    first,
    last,
    invitations: { ...counted, expired: counted.expired + unnoted },
    sessions: sessions.report(),
    databases: databases.toObject(),
    commands: commands.toObject(),
    anomalies: anomalies.report(),
  }
}

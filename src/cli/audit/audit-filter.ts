import { compact } from '../../protocol/base/compact.ts'
import { AUDIT_KINDS, AUDIT_LEVELS } from '../../service/trail/audit-entry.ts'
import type { TrailQuery } from '../../service/trail/query-trail.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import { narrowPeerId, narrowTokenId } from '../input/known-id.ts'
import { findSession } from '../sessions/find-session.ts'
import { parseMoment } from '../text/moment.ts'

/** The flags that say which records are wanted, as they were typed. */
export interface AuditFlags extends PeriodFlags {
  readonly session?: string | undefined
  readonly token?: string | undefined
  readonly peer?: string | undefined
  readonly type?: readonly string[] | undefined
  readonly severity?: string | undefined
  readonly limit?: number | undefined
}

export interface PeriodFlags {
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** Makes a query of the flags. @throws UsageError, CommandFailure `not_found`, `ambiguous_id`; StoreError */
export async function parseAuditFlags(context: Context, flags: AuditFlags): Promise<TrailQuery> {
  const { session, token, peer, type, severity, limit } = flags
  const period = parsePeriod(flags, Date.now())
  const store = await context.store()
  return compact({
    ...period,
    limit,
    sessionId: session === undefined ? undefined : (await findSession(store, session)).session.id,
    tokenId: await narrowTokenId(store, token),
    peerId: await narrowPeerId(store, peer),
    types: type && AUDIT_KINDS.filter((each) => type.includes(each)),
    severities: severity === undefined ? undefined : from(severity),
  })
}

/** @throws UsageError */
export function parsePeriod({ since, until }: PeriodFlags, now: number) {
  const period = compact({
    since: parseMoment(since, now, '--since'),
    until: parseMoment(until, now, '--until'),
  })
  if ((period.since ?? 0) > (period.until ?? Number.POSITIVE_INFINITY)) {
    throw new UsageError('--since: that is after --until')
  }
  return period
}

/** That severity and the graver ones. */
function from(severity: string) {
  const names: readonly string[] = AUDIT_LEVELS
  const at = names.indexOf(severity)
  if (at === -1) throw new UsageError(`--severity: one of ${AUDIT_LEVELS.join(', ')}`)
  return AUDIT_LEVELS.slice(at)
}

import { knownPeers, knownTokens } from '../../service/sessions/known-ids.ts'
import { AUDIT_KINDS, AUDIT_LEVELS } from '../../service/trail/audit-entry.ts'
import type { TrailQuery } from '../../service/trail/query-trail.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import { narrowId } from '../input/resolve-id.ts'
import { findSession } from '../sessions/find-session.ts'
import { parseMoment } from '../text/moment.ts'

/** What the command line asks for, as it was typed. */
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

/** @throws UsageError, Failure `not_found`, `ambiguous_id`; StoreError */
export async function parseAuditFlags(context: Context, flags: AuditFlags): Promise<TrailQuery> {
  const { session, token, peer, type, severity, limit } = flags
  const period = parsePeriod(flags, Date.now())
  const store = await context.store()
  return {
    ...period,
    ...(limit === undefined ? {} : { limit }),
    ...(session === undefined ? {} : { sessionId: findSession(store, session).session.id }),
    ...(token === undefined
      ? {}
      : { tokenId: narrowId(token, 'invitation', (part) => knownTokens(store, part)) }),
    ...(peer === undefined
      ? {}
      : { peerId: narrowId(peer, 'peer', (part) => knownPeers(store, part)) }),
    ...(type === undefined ? {} : { types: AUDIT_KINDS.filter((each) => type.includes(each)) }),
    ...(severity === undefined ? {} : { severities: from(severity) }),
  }
}

/** @throws UsageError */
export function parsePeriod({ since, until }: PeriodFlags, now: number) {
  const period = {
    ...(since === undefined ? {} : { since: parseMoment(since, now, '--since') }),
    ...(until === undefined ? {} : { until: parseMoment(until, now, '--until') }),
  }
  if ((period.since ?? 0) > (period.until ?? Number.POSITIVE_INFINITY)) {
    throw new UsageError('--since: that is after --until')
  }
  return period
}

/** That one and what is graver. */
function from(severity: string) {
  const names: readonly string[] = AUDIT_LEVELS
  const at = names.indexOf(severity)
  if (at === -1) throw new UsageError(`--severity: one of ${AUDIT_LEVELS.join(', ')}`)
  return AUDIT_LEVELS.slice(at)
}

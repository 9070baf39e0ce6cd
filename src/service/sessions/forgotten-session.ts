import { compact } from '../../protocol/base/compact.ts'
import { ownMember } from '../../protocol/base/own-member.ts'
import type { Exchange, SessionSummary, StepTime } from '../../session/ports/session-summary.ts'
import { auditRecords } from '../../store/audit/audit-records.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { sessionRecords } from '../../store/records/session-records.ts'
import { type AuditEntry, auditEntry } from '../trail/audit-entry.ts'

/** The state of a session of which the audit was not to hold states. */
const UNKNOWN = 'UNKNOWN'

/**
 * Sessions that were pruned and have an id that starts so, as far as the audit tells; at most ten.
 * @throws StoreError, AuditRecordInvalidError
 */
export function forgottenSessions(
  store: Pick<RecordStore, 'query'>,
  prefix: string,
): Promise<readonly SessionSummary[]> {
  return store.query(function* () {
    const found: SessionSummary[] = []
    for (const id of yield* auditRecords.sessionsStartingWith(prefix)) {
      if ((yield* sessionRecords.find(id)) !== undefined) continue
      found.push(summaryOf(id, (yield* auditRecords.ofSession(id)).map(auditEntry)))
    }
    return found
  })
}

/** The end, by the records of the way there. */
function summaryOf(id: string, records: readonly AuditEntry[]): SessionSummary {
  const states = records.filter(({ type }) => type === 'state')
  const last = states.at(-1)
  const steps = states.flatMap(stepsOf)
  const reason = textIn(last, 'reason')
  const step = textIn(last, 'step')
  const tallyId = firstOf(records, (each) => textIn(each, 'tallyId'))
  const redemptionId = firstOf(records, (each) => each.redemptionId)
  const tokenId = firstOf(records, (each) => each.tokenId)
  const endedAt = records.at(-1)?.at
  const exchange = last === undefined ? undefined : exchangeOf(last)
  return {
    id,
    side: sideOf(records),
    state: endOf(last) ?? UNKNOWN,
    peerId: firstOf(records, (each) => each.peerId) ?? '',
    startedAt: records[0]?.at ?? 0,
    ...compact({ endedAt, reason, step, tokenId, redemptionId, tallyId }),
    ...compact({ steps: steps.length === 0 ? undefined : steps, exchange }),
  }
}

function firstOf(
  records: readonly AuditEntry[],
  pick: (record: AuditEntry) => string | undefined,
): string | undefined {
  return records.map(pick).find((value) => value !== undefined)
}

/** An inviter's audit is about tokens, an invitee's is not. */
function sideOf(records: readonly AuditEntry[]): SessionSummary['side'] {
  const told = firstOf(records, (each) => textIn(each, 'side'))
  const isListener = records.some(({ type }) => type === 'token')
  return told === 'dialer' || (told === undefined && !isListener) ? 'dialer' : 'listener'
}

function textIn(record: AuditEntry | undefined, name: string): string | undefined {
  const value = record && ownMember(record.data, name)
  return typeof value === 'string' ? value : undefined
}

function pathOf({ data: { path } }: AuditEntry): readonly string[] {
  return Array.isArray(path) ? path.filter((each) => typeof each === 'string') : []
}

function endOf(record: AuditEntry | undefined): string | undefined {
  return record === undefined ? undefined : pathOf(record).at(-1)
}

function exchangeOf({ data: { frames, bytes, transcript } }: AuditEntry): Exchange | undefined {
  if (!Array.isArray(frames) || !Array.isArray(bytes) || typeof transcript !== 'string') return
  const [framesIn, framesOut, bytesIn, bytesOut] = [...frames, ...bytes].map(Number)
  if (framesIn === undefined || framesOut === undefined) return
  if (bytesIn === undefined || bytesOut === undefined) return
  return { framesIn, framesOut, bytesIn, bytesOut, digest: transcript }
}

/** A record has the states that were left, and how long each took, in one list each. */
function stepsOf(record: AuditEntry): readonly StepTime[] {
  const { ms } = record.data
  const times = Array.isArray(ms) ? ms : []
  return pathOf(record)
    .slice(0, -1)
    .flatMap((state, index) => {
      const took = times[index]
      return typeof took === 'number' ? [{ state, ms: took }] : []
    })
}

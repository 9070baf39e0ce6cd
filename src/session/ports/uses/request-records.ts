import type { AuditDraft } from '../../../audit/record/record.ts'
import type { JsonValue } from '../../../protocol/json/json-value.ts'
import type { EndedRequest, PendingRequest } from './pending-request.ts'
import type { RequestAnswers, RequestWrite } from './request-write.ts'
import type { WriteFacts } from './write-facts.ts'

type Time = Pick<AuditDraft, 'at' | 'monotonic'>

/** The records of the inviter's word and what it is about. What was disclosed stays out: the names of the fields are enough. */
export const REQUEST_RECORDERS: {
  readonly [Each in RequestWrite['op']]: (
    write: Extract<RequestWrite, { readonly op: Each }>,
    answer: RequestAnswers[Each],
  ) => readonly AuditDraft[]
} = {
  keepRequest: ({ facts }, answer) => {
    if (answer.kind === 'refused') return []
    const { request, replaced } = answer
    const { until, identity } = request
    const data = { event: 'pending', until, fields: Object.keys(identity).sort() }
    const record = about(request, facts, 'notice', data)
    return replaced === undefined
      ? [record]
      : [...endedRecords(replaced, 'replaced', facts), record]
  },
  approveRequest: (write, answer) => {
    if (answer.kind !== 'approved') return []
    const { request, claim } = answer
    const { until } = request
    const { fence, use } = claim
    return [
      about(request, timeOf(write), 'notice', { event: 'approved', until }),
      about(request, timeOf(write), 'info', { event: 'reserved', fence, use }),
      ...own(write),
    ]
  },
  denyRequest: (write, answer) => {
    if (answer.kind !== 'denied') return []
    const all = [answer, ...(answer.others ?? [])]
    return [...all.flatMap((each) => endedRecords(each, 'denied', timeOf(write))), ...own(write)]
  },
  endRequest: (write, { ended }) =>
    ended === undefined ? [] : endedRecords(ended, ended.end, timeOf(write)),
}

function own({ record }: { readonly record?: AuditDraft }): readonly AuditDraft[] {
  return record === undefined ? [] : [record]
}

function timeOf({
  now: at,
  monotonic,
}: {
  readonly now: number
  readonly monotonic: number
}): Time {
  return { at, monotonic }
}

function endedRecords(
  ended: EndedRequest,
  end: string,
  time: Time | WriteFacts,
): readonly AuditDraft[] {
  const data: Record<string, JsonValue> = { event: end === 'denied' ? 'denied' : 'unanswered' }
  if (end !== 'denied') data['cause'] = end
  if (ended.request.approvedAt !== undefined) data['approved'] = true
  return [...releasedRecord(ended, end, time), about(ended.request, time, 'notice', data)]
}

/** The record of a use that was held by the inviter's yes and is free again, if it was. */
export function releasedRecord(
  { claim, request }: EndedRequest,
  reason: string,
  time: Time | WriteFacts,
): readonly AuditDraft[] {
  if (claim === undefined) return []
  return [about(request, time, 'info', { event: 'released', fence: claim.fence, reason })]
}

function about(
  { id: sessionId, peerId, redemptionId, tokenId }: PendingRequest,
  { at, monotonic }: Time,
  severity: AuditDraft['severity'],
  data: Readonly<Record<string, JsonValue>>,
): AuditDraft {
  return { type: 'token', severity, at, monotonic, sessionId, redemptionId, tokenId, peerId, data }
}

import type { PendingRequest, RequestEnd, RequestNews } from '../ports/uses/pending-request.ts'
import type { Answer, AnswerTo, Write } from '../ports/write.ts'
import { LAPSED_REASON } from '../ports/write-records.ts'

type Reporter<Op extends Write['op'] & keyof AnswerTo> = (
  answer: AnswerTo[Op],
  write: Extract<Write, { readonly op: Op }>,
) => readonly RequestNews[]

/** Of all writes by which a request begins to wait, is decided, or ends without its tally. */
const REPORTERS: { readonly [Op in Write['op'] & keyof AnswerTo]?: Reporter<Op> } = {
  keepRequest: (answer) => {
    if (answer.kind === 'refused') return NONE
    const { request, replaced } = answer
    const waits = { state: 'waiting', request } as const
    return replaced === undefined ? [waits] : [over(replaced.request, 'replaced'), waits]
  },
  approveRequest: (answer) =>
    answer.kind === 'approved' ? [{ state: 'approved', request: answer.request }] : NONE,
  denyRequest: (answer) => {
    if (answer.kind !== 'denied') return NONE
    return [answer, ...(answer.others ?? [])].map(({ request }) => ({ state: 'denied', request }))
  },
  endRequest: ({ ended }) => (ended === undefined ? NONE : [over(ended.request, ended.end)]),
  decline: ({ ended }) => ended.map(({ request }) => over(request, 'declined')),
  release: ({ request }, { reason }) =>
    request === undefined ? NONE : [over(request, endFor(reason))],
}

const NONE: readonly RequestNews[] = []

/** Returns the news of requests that a write has made, in their order. */
export function requestNewsOf(write: Write, answer: Answer): readonly RequestNews[] {
  if (answer === undefined || !Object.hasOwn(REPORTERS, write.op)) return NONE
  // The table's type pairs each write with a reporter of just that one, and with the answer to it.
  const report = REPORTERS[write.op as 'decline'] as Reporter<'decline'>
  return report(answer as never, write as never)
}

function over(request: PendingRequest, cause: RequestEnd): RequestNews {
  return { state: 'over', request, cause }
}

/** The reasons of a release that say more than that the peer, when it came for the yes, was refused. */
const ENDS: ReadonlyMap<string, RequestEnd> = new Map([
  [LAPSED_REASON, 'lapsed'],
  ['cancelled', 'cancelled'],
  ['revoked', 'revoked'],
])

function endFor(reason: string): RequestEnd {
  return ENDS.get(reason) ?? 'refused'
}

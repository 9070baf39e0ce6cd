import { sessionHistory, type Transition, tallyStatus } from '../../service/session-history.ts'
import { type AuditDocument, auditDocument, auditText } from '../audit-text.ts'
import { openContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { renderTable } from '../table.ts'
import { statusInWords } from '../tally-status.ts'
import { isoTime, timeText, tookText } from '../time-text.ts'
import { findSession } from './find-session.ts'
import type { SessionsLayout } from './layout.ts'
import { type SessionDocument, sessionDocument } from './session-document.ts'
import { exchangeText, type SessionEnd, sessionEnd } from './session-end.ts'
import { stateText } from './state-text.ts'

/** One session with its way from state to state, and what the audit has of it. */
export interface SessionShown extends SessionDocument, SessionEnd {
  /** Only the audit has it; what it does not tell is `null`. */
  readonly pruned: boolean
  readonly detail: string | null
  readonly redemptionId: string | null
  readonly remoteAddress: string | null
  readonly transitions: readonly (Omit<Transition, 'at'> & { readonly at: string })[]
  readonly audit: readonly AuditDocument[]
}

/** @throws Failure `not_found`, `ambiguous_id`; UsageError, StoreError, AuditRecordInvalidError */
export async function showSession(locations: Locations, id: string): Promise<SessionShown> {
  const context = openContext(locations)
  try {
    const store = await context.store()
    const { session, pruned } = findSession(store, id)
    const { transitions, audit } = sessionHistory(store, session.id)
    return {
      ...sessionDocument({ ...session, tallyStatus: tallyStatus(store, session) }),
      ...sessionEnd(session),
      pruned,
      detail: session.detail ?? null,
      redemptionId: session.redemptionId ?? null,
      remoteAddress: session.remoteAddress ?? null,
      transitions: transitions.map((each) => ({ ...each, at: isoTime(each.at) })),
      audit: audit.map(auditDocument),
    }
  } finally {
    context.close()
  }
}

export function sessionText(session: SessionShown, layout: SessionsLayout): string {
  const { width } = layout
  const facts = renderTable(
    [{ title: '' }, { title: '', shrinkTo: 20 }],
    factsOf(session, layout),
    {
      width,
    },
  )
  return [facts, transitionsText(session, layout), auditText(session.audit, width, layout)].join(
    '\n\n',
  )
}

function factsOf(session: SessionShown, layout: SessionsLayout): readonly (readonly string[])[] {
  const { reason, detail } = session
  return [
    ['id', session.id],
    ['state', stateText(session.state, layout.unicode)],
    ['side', session.side],
    ['peer', session.peerId],
    ['from', session.remoteAddress ?? ''],
    ['role', session.role ?? ''],
    ['reason', reason === null ? '' : [reason, ...(detail === null ? [] : [detail])].join(': ')],
    ['step', session.step ?? ''],
    ['token', session.tokenId ?? ''],
    ['redemption', session.redemptionId ?? ''],
    ['tally', tallyText(session)],
    ['started', timeText(Date.parse(session.startedAt), layout)],
    ['took', tookText(session.durationMs ?? undefined)],
    ['retries', retriesText(session)],
    ['fence', session.fence === null ? '' : String(session.fence)],
    ['said', exchangeText(session)],
    ['transcript', session.transcriptDigest ?? ''],
  ].filter(([, value]) => value !== '')
}

function retriesText({ retries }: SessionShown): string {
  if (retries === 0) return ''
  return retries === 1 ? '1 session came before' : `${retries} sessions came before`
}

function tallyText({ tallyId, tallyStatus: status }: SessionShown): string {
  if (tallyId === null || status === null) return tallyId ?? ''
  return `${tallyId}, ${statusInWords(status)}`
}

/** The journal; when that is gone, what is kept of it. */
function transitionsText(session: SessionShown, layout: SessionsLayout): string {
  const { transitions, steps, pruned } = session
  if (transitions.length === 0) {
    const gone = pruned
      ? 'Its details were pruned; this is what the audit tells.'
      : 'Its journal is not kept any more.'
    return steps === null ? gone : `${gone}\n\n${stepsText(steps, layout)}`
  }
  const columns = [
    { title: 'seq', align: 'right' as const },
    { title: 'from' },
    { title: 'took', align: 'right' as const },
    { title: 'to' },
  ]
  const rows = transitions.map(({ seq, from, to, ms }) => [String(seq), from, tookText(ms), to])
  return renderTable(columns, rows, layout)
}

function stepsText(steps: NonNullable<SessionEnd['steps']>, layout: SessionsLayout): string {
  const columns = [{ title: 'state' }, { title: 'took', align: 'right' as const }]
  const rows = steps.map(({ state, ms }) => [state, tookText(ms)])
  return renderTable(columns, rows, layout)
}

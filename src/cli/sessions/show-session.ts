import { isDeadline, reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateInWords } from '../../service/feed/session-states.ts'
import { withContext } from '../context.ts'
import { exchangeText } from '../lines/session-end.ts'
import type { Locations } from '../locations.ts'
import { auditText } from '../text/audit-text.ts'
import { peerText } from '../text/peer-text.ts'
import { line, paragraphs, type ScreenText } from '../text/screen-text.ts'
import { stateText } from '../text/state-text.ts'
import { CUT_TO_FIT, renderTable } from '../text/table.ts'
import { tallyStatusInWords } from '../text/tally-status.ts'
import { timeText, tookText } from '../text/time-text.ts'
import { findSession } from './find-session.ts'
import type { SessionsLayout } from './layout.ts'
import { messagesText } from './session-messages.ts'
import { type SessionShown, sessionShown } from './session-shown.ts'
import { timelineText, undoneText } from './session-timeline.ts'

export type { SessionShown }

/** @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError, AuditRecordInvalidError */
export async function showSession(locations: Locations, id: string): Promise<SessionShown> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const { session, pruned } = findSession(store, id)
    return sessionShown(store, session, pruned)
  })
}

export function sessionText(session: SessionShown, layout: SessionsLayout): ScreenText {
  let isCut = false
  const onCut = (): void => {
    isCut = true
  }
  const part = { ...layout, onCut }
  const columns = [{ title: '' }, { title: '', shrinkTo: 20 }]
  const parts = [
    renderTable(columns, factsOf(session, layout), part),
    timelineText(session, part),
    ...messagesText(session.messages, part),
    ...undoneText(session, part),
    auditText(session.audit, part),
  ]
  return paragraphs(isCut ? [...parts, line(CUT_TO_FIT)] : parts)
}

function factsOf(session: SessionShown, layout: SessionsLayout): readonly (readonly string[])[] {
  return [
    ['id', session.id],
    ['state', stateText(session.state, layout.unicode)],
    ['side', session.side],
    ['peer', peerText(session, false)],
    ['from', session.remoteAddress ?? ''],
    ['role', session.role ?? ''],
    ['reason', reasonText(session)],
    ['while', session.step === null ? '' : stateInWords(session.step)],
    ['deadline', deadlineText(session)],
    ['token', session.tokenId ?? ''],
    ['redemption', session.redemptionId ?? ''],
    ['attempt', session.attemptId ?? ''],
    ['tally', tallyText(session)],
    ['started', timeText(Date.parse(session.startedAt), layout)],
    ['took', tookText(session.durationMs ?? undefined)],
    ['retries', retriesText(session)],
    ['fence', session.fence === null ? '' : String(session.fence)],
    ['said', exchangeText(session)],
    ['transcript', session.transcriptDigest ?? ''],
  ].filter(([, value]) => value !== '')
}

/** The reason in words, and what is known beside it. */
function reasonText({ reason, detail }: SessionShown): string {
  if (reason === null) return ''
  const more = detail === null || isDeadline(reason) ? '' : `: ${detail}`
  return `${reasonInWords(reason)}${more}`
}

/** `of the step awaiting the result, after 15.00 s in it`. */
function deadlineText({ deadline }: SessionShown): string {
  if (deadline === null) return ''
  const { of, step, ms } = deadline
  const words = step === null ? '' : stateInWords(step)
  const which = of === 'step' ? `of the step ${words}` : 'of the session'
  return ms === null ? which : `${which}, after ${tookText(ms)} ${words || 'in it'}`
}

function retriesText({ retries }: SessionShown): string {
  if (retries === 0) return ''
  return retries === 1 ? '1 session came before' : `${retries} sessions came before`
}

function tallyText({ tallyId, tallyStatus: status }: SessionShown): string {
  if (tallyId === null || status === null) return tallyId ?? ''
  return `${tallyId}, ${tallyStatusInWords(status)}`
}

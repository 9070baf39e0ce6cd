import { isDeadline, reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateInWords } from '../../service/feed/session-states.ts'
import { sessionHistory } from '../../service/sessions/session-history.ts'
import { checkedTallies, type TallyFault } from '../../service/tallies/checked-tallies.ts'
import { brokenRecords } from '../../service/trail/broken-records.ts'
import { wordsOf } from '../../service/words/tally-words.ts'
import { withContext } from '../context.ts'
import { exchangeText } from '../lines/session-end.ts'
import type { Locations } from '../locations.ts'
import { tallyBroken, tallyFaultText } from '../tally/tally-fault-text.ts'
import { auditText } from '../text/audit-text.ts'
import { brokenPage } from '../text/broken-text.ts'
import { peerText } from '../text/peer-text.ts'
import { line, paragraphs, type ScreenText } from '../text/screen-text.ts'
import { CUT_TO_FIT, renderTable } from '../text/table.ts'
import { tallyStatusText } from '../text/tally-status.ts'
import { timeText, tookText } from '../text/time-text.ts'
import { awaitedText, sessionStateText } from './awaited-text.ts'
import { findSession } from './find-session.ts'
import type { SessionsLayout } from './layout.ts'
import { messagesText } from './session-messages.ts'
import { type SessionShown, sessionShown } from './session-shown.ts'
import { timelineText, undoneText } from './session-timeline.ts'

export type { SessionShown }

type ShownFacts = SessionShown & Partial<Pick<CheckedSession, 'tallyFaults' | 'words'>>

/** A session with what was found when it was checked. */
export interface CheckedSession extends SessionShown {
  /** The numbers of audit records that are not as they were written. */
  readonly brokenRecords: readonly number[]
  /** The parts of its tally that do not fit. */
  readonly tallyFaults: readonly TallyFault[]
  /** The words to compare of its tally; `null` if there are none. */
  readonly words: readonly string[] | null
}

/** @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError, AuditRecordInvalidError */
export async function showSession(locations: Locations, id: string): Promise<CheckedSession> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const { session, pruned } = await findSession(store, id)
    const { tallyId } = session
    const tally = tallyId === undefined ? undefined : await store.lookups.tallies.find(tallyId)
    const localPeer = await context.peerId()
    const checked = tally ? await checkedTallies(store, [tally], localPeer) : []
    const history = await sessionHistory(store, session)
    return {
      ...sessionShown(session, history, pruned),
      brokenRecords: await brokenRecords(store, history.audit),
      tallyFaults: checked.flatMap(({ faults }) => faults),
      words: (tally && wordsOf(tally, localPeer)) || null,
    }
  })
}

/** @throws CommandFailure `audit_broken`, `tally_broken`, with the session, if something in it does not verify */
export function mustVerifySession(session: CheckedSession): void {
  const { brokenRecords: broken, tallyFaults: faults, tallyId } = session
  const failure = brokenPage(broken, session)
  if (failure !== undefined) throw failure
  if (faults.length > 0) throw tallyBroken([{ tallyId: tallyId ?? '', faults }], 1, session)
}

export function sessionText(session: ShownFacts, layout: SessionsLayout): ScreenText {
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

function factsOf(session: ShownFacts, layout: SessionsLayout): readonly (readonly string[])[] {
  return [
    ['id', session.id],
    ['state', sessionStateText(session, layout)],
    ['side', session.side],
    ['peer', peerText(session, false)],
    ['from', session.remoteAddress ?? ''],
    ['protocol', protocolText(session)],
    ['role', session.role ?? ''],
    ['reason', awaitedText(session, layout) ?? reasonText(session)],
    ['go on', awaitedAdvice(session)],
    ['while', session.step === null ? '' : stateInWords(session.step)],
    ['deadline', deadlineText(session)],
    ['token', session.tokenId ?? ''],
    ['redemption', session.redemptionId ?? ''],
    ['attempt', session.attemptId ?? ''],
    ['tally', tallyText(session)],
    ['words', session.words?.join(' ') ?? ''],
    ['verified', session.tallyFaults?.length ? `NO: ${tallyFaultText(session.tallyFaults)}` : ''],
    ['started', timeText(Date.parse(session.startedAt), layout)],
    ['took', tookText(session.durationMs ?? undefined)],
    ['retries', retriesText(session)],
    ['fence', session.fence === null ? '' : String(session.fence)],
    ['said', exchangeText(session)],
    ['transcript', session.transcriptDigest ?? ''],
  ].filter(([, value]) => value !== '')
}

function protocolText({ protocol, side, role }: SessionShown): string {
  if (protocol === '2.0.0') return ''
  const isTold = side === 'dialer' || role === 'foil'
  const weaker = isTold
    ? 'nobody signs a receipt, and the draft is on this side only'
    : 'the other side never says that it has the tally; an answer that has left whole counts as taken'
  return `${protocol}, an older one: ${weaker}`
}

/** The reason in words, and what is known beside it. */
function reasonText({ reason, detail }: SessionShown): string {
  if (reason === null) return ''
  const more = detail === null || isDeadline(reason) ? '' : `: ${detail}`
  return `${reasonInWords(reason)}${more}`
}

/** The invitation is not kept: the link is, where it came from. */
function awaitedAdvice({ pendingUntil }: SessionShown): string {
  return pendingUntil === null ? '' : 'taleus bootstrap, with the same link; --wait 1h waits for it'
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
  return `${tallyId}, ${tallyStatusText(status)}`
}

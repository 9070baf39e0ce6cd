import { reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateText } from '../text/state-text.ts'
import { timeText } from '../text/time-text.ts'
import type { SessionsLayout } from './layout.ts'
import type { SessionDocument } from './session-document.ts'

type Awaiting = Pick<SessionDocument, 'state' | 'reason' | 'pendingUntil'>

/** The state of a session: one whose request was kept for the inviter's word is over, and has not failed; its sign is a question. */
export function sessionStateText(session: Awaiting, layout: SessionsLayout): string {
  if (session.reason !== 'pending') return stateText(session.state, layout.unicode)
  return `? ${isAwaited(session, layout) ? 'waiting' : 'asked'}`
}

/** Says until when the inviter's word is waited for, or that it did not come in time; undefined of any other session. */
export function awaitedText(session: Awaiting, layout: SessionsLayout): string | undefined {
  const { pendingUntil } = session
  if (pendingUntil === null) return undefined
  const verb = isAwaited(session, layout) ? 'ends' : 'lapsed'
  return `${reasonInWords('pending')}, ${verb} ${timeText(Date.parse(pendingUntil), layout)}`
}

/** By this computer's clock; the inviter's counts. */
function isAwaited({ pendingUntil }: Awaiting, { now }: SessionsLayout): boolean {
  return pendingUntil !== null && Date.parse(pendingUntil) > now
}

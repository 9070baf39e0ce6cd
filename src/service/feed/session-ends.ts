import type { SessionSummary } from '../../session/ports/session-summary.ts'

/** The ways in which a session ends, as people and figures tell them apart. */
type SessionEnding = 'completed' | 'looked' | 'asked' | 'failed' | 'timedOut'

type Ended = Pick<SessionSummary, 'state' | 'reason' | 'tallyId'>

/** True of a session that ended as its request waits for the inviter's word: nothing has failed. */
export function hasAsked({ state, reason }: Omit<Ended, 'tallyId'>): boolean {
  return state === 'FAILED' && reason === 'pending'
}

/** The ending of a session that is over. `looked`: it made nothing and kept nothing, as nobody asked it to. */
export function endingOf({ tallyId, ...session }: Ended): SessionEnding {
  if (session.state === 'COMPLETED') return tallyId === undefined ? 'looked' : 'completed'
  if (session.state === 'TIMEOUT') return 'timedOut'
  return hasAsked(session) ? 'asked' : 'failed'
}

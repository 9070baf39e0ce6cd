import { type Deadlines, isFinalState, stepLimitMs } from '../../session/machine/deadlines.ts'
import type { SessionSummary } from '../../session/ports/session-summary.ts'
import { isSessionState } from './session-states.ts'

/** When a session entered its state, and when it will be made to leave. Milliseconds since the epoch. */
export interface SessionDeadlines {
  readonly since: number
  /** Absent in a final state. */
  readonly stepUntil?: number
  /** Absent in a final state. */
  readonly until?: number
}

/** @param since when the session entered its state */
export function sessionDeadlines(
  { state, startedAt }: Pick<SessionSummary, 'state' | 'startedAt'>,
  since: number,
  limits: Deadlines,
): SessionDeadlines {
  if (!isSessionState(state) || isFinalState(state)) return { since }
  const step = stepLimitMs(state, limits) ?? limits.sessionTimeoutMs
  const until = startedAt + limits.sessionTimeoutMs
  return { since, stepUntil: Math.min(since + step, until), until }
}

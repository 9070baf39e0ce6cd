import { forgottenSessions } from '../../service/sessions/forgotten-session.ts'
import {
  type SessionSummary,
  sessionsStartingWith,
} from '../../service/sessions/session-history.ts'
import type { Context } from '../context.ts'
import { resolveId } from '../input/resolve-id.ts'

export interface FoundSession {
  readonly session: SessionSummary
  /** Only the audit has it. */
  readonly pruned: boolean
}

/**
 * Finds a session by the beginning of its id.
 * @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError, AuditRecordInvalidError
 */
export function findSession(
  store: Awaited<ReturnType<Context['store']>>,
  id: string,
): Promise<FoundSession> {
  return resolveId<FoundSession>(id, {
    what: 'session',
    startingWith: async (prefix) => [
      ...(await sessionsStartingWith(store, prefix)).map((session) => ({ session, pruned: false })),
      ...(await forgottenSessions(store, prefix)).map((session) => ({ session, pruned: true })),
    ],
    idOf: (each) => each.session.id,
  })
}

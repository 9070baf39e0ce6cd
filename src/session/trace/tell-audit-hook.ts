import type { AuditDraft } from '../../audit/record/record.ts'
import type { SessionAuditEvent, SessionHooks } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import { type BackgroundHookPorts, callHookInBackground } from '../host/call-hook-in-background.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'

const HOOK = 'audit.logSession'

export interface AuditHookPorts extends BackgroundHookPorts {
  readonly hooks: Pick<SessionHooks, 'audit'>
}

/** Calls the host's audit hook with a move that is committed. A failure of the hook is only reported. */
export function tellHostOfMoves(
  ports: AuditHookPorts,
  summary: SessionSummary,
  path: readonly JournalEntry[],
): void {
  const last = path.at(-1)
  if (last === undefined) return
  const data = {
    side: summary.side,
    from: path[0]?.from ?? last.from,
    to: last.to,
    ms: last.ms,
    peerId: summary.peerId,
    ...compact({ reason: summary.reason, step: summary.step, tallyId: summary.tallyId }),
  }
  tell(ports, summary.id, { type: 'state', at: last.at, data })
}

/**
 * Calls the host's audit hook with a record that is durable, if it is about a session. Moves are told one by one instead
 * of by their records.
 */
export function tellHostOfRecord(ports: AuditHookPorts, draft: AuditDraft): void {
  const { type, at, severity, sessionId, redemptionId, tokenId, peerId } = draft
  if (sessionId === undefined || type === 'state' || type === 'operator' || type === 'lifecycle')
    return
  const data = { ...draft.data, severity, ...compact({ redemptionId, tokenId, peerId }) }
  tell(ports, sessionId, { type, at, data })
}

function tell(ports: AuditHookPorts, sessionId: string, event: SessionAuditEvent): void {
  try {
    const told = ports.hooks.audit.logSession(sessionId, event)
    // Most hooks are synchronous, and there is one call for every move: no timer for those.
    if (told !== undefined) void callHookInBackground(ports, HOOK, () => told)
  } catch (error) {
    ports.hookComplaint(HOOK, describeThrown(error))
  }
}

import type { AuditDraft } from '../../audit/record/record.ts'
import type { SessionAuditEvent, SessionHooks } from '../../hooks/session-hooks.ts'
import { type BackgroundHookPorts, callHookInBackground } from '../host/call-hook-in-background.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import type { JournalEntry, SessionSummary } from '../ports/store.ts'

const HOOK = 'audit.logSession'

export interface AuditHookPorts extends BackgroundHookPorts {
  readonly hooks: Pick<SessionHooks, 'audit'>
}

/** Tell the host's audit hook of a move that is committed. What it throws changes nothing. */
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
    ...(summary.reason === undefined ? {} : { reason: summary.reason }),
    ...(summary.step === undefined ? {} : { step: summary.step }),
    ...(summary.tallyId === undefined ? {} : { tallyId: summary.tallyId }),
  }
  tell(ports, summary.id, { type: 'state', at: last.at, data })
}

/**
 * Tell the host's audit hook of a record that is durable, if it is about a session. Moves are told one by one, not by
 * the records of a session's way.
 */
export function tellHostOfRecord(ports: AuditHookPorts, draft: AuditDraft): void {
  const { type, at, severity, sessionId, redemptionId, tokenId, peerId } = draft
  if (sessionId === undefined || type === 'state' || type === 'operator' || type === 'lifecycle')
    return
  const data = {
    ...draft.data,
    severity,
    ...(redemptionId === undefined ? {} : { redemptionId }),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(peerId === undefined ? {} : { peerId }),
  }
  tell(ports, sessionId, { type, at, data })
}

function tell(ports: AuditHookPorts, sessionId: string, event: SessionAuditEvent): void {
  try {
    const told = ports.hooks.audit.logSession(sessionId, event)
    // Most hooks are done by now, and there is one call for every move: no timer for those.
    if (told !== undefined) void callHookInBackground(ports, HOOK, () => told)
  } catch (error) {
    ports.hookComplaint(HOOK, describeThrown(error))
  }
}

import { callAside } from './call-aside.ts'
import { describeThrown } from './describe-thrown.ts'
import type { JournalEntry, SessionSummary } from './ports/store.ts'
import type { SessionPorts } from './session-ports.ts'

const HOOK = 'audit.logSession'

/** Tell the host's audit hook of a move that is committed. What it throws changes nothing. */
export function tellAudit(
  ports: SessionPorts,
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
  try {
    const told = ports.hooks.audit.logSession(summary.id, { type: 'state', at: last.at, data })
    // Most hooks are done by now, and there is one call for every move: no timer for those.
    if (told !== undefined) void callAside(ports, HOOK, () => told)
  } catch (error) {
    ports.hookComplaint(HOOK, describeThrown(error))
  }
}

import { callAside } from './call-aside.ts'
import type { JournalEntry, SessionSummary } from './ports/store.ts'
import type { SessionPorts } from './session-ports.ts'

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
  const { audit } = ports.hooks
  void callAside(ports, 'audit.logSession', () =>
    audit.logSession(summary.id, { type: 'state', at: last.at, data }),
  )
}

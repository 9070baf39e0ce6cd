import { compact } from '../../protocol/base/compact.ts'
import type { FailureReason } from '../machine/failure.ts'
import type { ListenerState } from '../machine/listener-state.ts'
import type { JournalEntry } from '../ports/session-summary.ts'
import type { TrailWrite } from '../ports/write.ts'
import type { SessionFacts } from '../run/session-machine.ts'
import type { SessionAudit } from '../trace/session-audit.ts'

/** The invitee was not let in because of who it is, or did not tell. */
const OVER_IDENTITY: ReadonlySet<FailureReason> = new Set([
  'identity_required',
  'identity_refused',
  'party_id_mismatch',
])

/** Something failed on this side. */
const OURS: ReadonlySet<FailureReason> = new Set([
  'hook_failed',
  'internal',
  'provision_failed',
  'store_failed',
])

/** Records what a session came to beside its states, also in an audit that holds no states. */
export function auditOutcome(
  audit: SessionAudit,
  path: readonly JournalEntry[],
  state: ListenerState,
  facts: SessionFacts,
): readonly TrailWrite[] {
  if (state.name === 'PROVISIONING_DB' && path.some(({ from }) => from === 'VALIDATING_IDENTITY')) {
    // What was disclosed stays out: the names of the fields are enough.
    const fields = Object.keys(state.contact.identity).sort()
    return [audit.record('identity', 'info', facts, { event: 'accepted', fields })]
  }
  // A stranger leaves no row.
  if (state.name !== 'FAILED' || state.tokenId === undefined) return []
  const { reason, fields, step } = state.failure
  const records: TrailWrite[] = []
  if (OVER_IDENTITY.has(reason)) {
    const data = compact({ event: 'refused', code: reason, missing: fields })
    records.push(audit.record('identity', 'notice', facts, data))
  }
  // The hook's own words stay out: they may hold anything.
  if (OURS.has(reason)) {
    const data = { event: 'failed', code: reason, step }
    records.push(audit.record('error', 'warning', facts, data))
  }
  // Turned away with the right secret, before a use was reserved. Some are recorded as what they are: what the invitee did
  // not want, and what waits for the inviter's word.
  if (state.claim === undefined && reason !== 'declined' && reason !== 'pending') {
    records.push(audit.record('token', 'notice', facts, { event: 'rejected', code: reason }))
  }
  return records
}

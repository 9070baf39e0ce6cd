import type { AuditDraft } from '../../../audit/record/record.ts'
import { appendAudit, change, type Query } from '../../query/query.ts'
import { type LeasedNode, SERVER_NOW } from './nodes.ts'

// They are run by a transaction that writes alone: it has waited for all that others have under way.

/**
 * Makes all void that a node whose lease is over has under way, and records it in the audit of who does.
 * @returns false if it has renewed its lease, or another one was first
 */
export function* takeOver({ node, epoch, peerId }: LeasedNode): Query<boolean> {
  const taken = yield* change(
    `UPDATE nodes SET epoch = epoch + 1, lease_until = 0
     WHERE node = ?1 AND epoch = ?2 AND retired_at IS NULL AND lease_until BETWEEN 1 AND ${SERVER_NOW}`,
    node,
    epoch,
  )
  if (taken > 0) yield* appendAudit(record(peerId))
  return taken > 0
}

function record(node: string): AuditDraft {
  return {
    type: 'lifecycle',
    severity: 'warning',
    at: Date.now(),
    monotonic: performance.now(),
    data: { event: 'node.taken_over', node },
  }
}

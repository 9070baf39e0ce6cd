import type { MessageStep, OrderRow } from '../../src/protocol/message/message-order.ts'
import {
  CHECKPOINT_BEFORE,
  MESSAGE_ORDER,
  senderOf,
} from '../../src/protocol/message/message-order.ts'
import { markdownTable } from '../docs/markdown-table.ts'

/** The order of messages on one stream, from the table that both sides are checked against. */
export function generate(): string {
  const rows = MESSAGE_ORDER.map(({ after, role, next }) => [
    after === 'Start' ? '(nothing yet)' : step(after),
    role === 'both' ? 'either' : role,
    next.length === 0 ? 'nothing: the exchange is over' : next.map(step).join(', '),
  ])
  for (const [sender, steps] of Object.entries(CHECKPOINT_BEFORE)) {
    rows.push([`right before ${steps.join(', ')}`, 'either', `Checkpoint (${sender}), once`])
  }
  return markdownTable(['after', 'inviter holds', 'may come'], rows)
}

/** A yes and a no are one type of message. */
function step(name: Exclude<OrderRow['after'], 'Start'>): string {
  return `${name} (${senderOf(typeOf(name))})`
}

function typeOf(name: MessageStep) {
  return name === 'Approval' || name === 'Refusal' ? 'ProvisioningResult' : name
}

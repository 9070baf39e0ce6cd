import type { Role } from '../base/role.ts'
import type { Message } from './messages.ts'

/** The two parties as senders: the inviter listens, the invitee dials. */
export type Sender = 'inviter' | 'invitee'

/** The messages that have an order. A Checkpoint goes beside them and leaves it as it is: {@link CHECKPOINT_BEFORE}. */
type DealType = Exclude<Message['type'], 'Checkpoint'>

/** A message as far as the order is concerned: a yes leads on, a no leads nowhere. */
export type MessageStep = Exclude<DealType, 'ProvisioningResult'> | 'Approval' | 'Refusal'

/** One row: after this, in an exchange where the inviter holds this role, these may come. */
export interface OrderRow {
  /** `Start`: nothing was sent yet on this stream. */
  readonly after: MessageStep | 'Start'
  /** The inviter's role, or both. */
  readonly role: Role | 'both'
  readonly next: readonly MessageStep[]
}

/**
 * The order of messages on one stream of `/taleus/bootstrap/2.0.0`. The stream may end after any of
 * them; what is not here ends it. A repeated contact is a new stream, which begins at the start. A Refusal
 * may also come out of turn: see {@link mayRefuse}.
 */
export const MESSAGE_ORDER: readonly OrderRow[] = [
  { after: 'Start', role: 'both', next: ['Inspect', 'InboundContact', 'Decline'] },
  // The last word of a stock exchange whose first stream was lost.
  { after: 'Start', role: 'stock', next: ['Acknowledgment'] },
  { after: 'Inspect', role: 'both', next: ['Offer', 'Refusal'] },
  { after: 'Offer', role: 'both', next: ['InboundContact', 'Decline'] },
  { after: 'InboundContact', role: 'both', next: ['Approval', 'Refusal'] },
  { after: 'Approval', role: 'stock', next: ['Acknowledgment'] },
  { after: 'Approval', role: 'foil', next: ['DatabaseResult'] },
  { after: 'DatabaseResult', role: 'foil', next: ['Receipt'] },
  { after: 'Refusal', role: 'both', next: [] },
  { after: 'Acknowledgment', role: 'stock', next: [] },
  { after: 'Receipt', role: 'foil', next: [] },
  { after: 'Decline', role: 'both', next: [] },
]

/**
 * A Checkpoint may stand right before one of these, once from each side. The inviter sends one only if the
 * invitee's first message on this stream has `seen`, the invitee only after the inviter's. So a version that does not
 * know Checkpoints never meets one, and a stranger gets none: these messages follow upon the right secret.
 */
export const CHECKPOINT_BEFORE: Readonly<Record<Sender, readonly MessageStep[]>> = {
  inviter: ['Offer', 'Approval'],
  invitee: ['InboundContact', 'DatabaseResult', 'Acknowledgment'],
}

const SENDERS: Readonly<Record<DealType, Sender>> = {
  Inspect: 'invitee',
  Offer: 'inviter',
  InboundContact: 'invitee',
  ProvisioningResult: 'inviter',
  DatabaseResult: 'invitee',
  Acknowledgment: 'invitee',
  Receipt: 'inviter',
  Decline: 'invitee',
}

/** After these the inviter has promised, or all is said. `Approval` is a promise only if the inviter built. */
const NO_MORE_REFUSAL: readonly OrderRow['after'][] = ['Refusal', 'Receipt', 'Acknowledgment']

/**
 * Returns true if the inviter may end the exchange with a Refusal, be it its turn or not: for "too busy", "too slow"
 * and "that was no message".
 * @param role the inviter's
 */
export function mayRefuse(after: OrderRow['after'], role: Role): boolean {
  return !NO_MORE_REFUSAL.includes(after) && !(after === 'Approval' && role === 'stock')
}

/** Returns the party that sends messages of this type. The other one never may. */
export function senderOf(type: DealType): Sender {
  return SENDERS[type]
}

/** Returns the steps that may come next, straight from the table. */
export function stepsAfter(after: OrderRow['after'], role: Role): readonly MessageStep[] {
  return MESSAGE_ORDER.filter(
    (row) => row.after === after && (row.role === 'both' || row.role === role),
  ).flatMap((row) => row.next)
}

import type { Offer } from '../../protocol/message/messages.ts'

/** An offer, and who made it: what a person says yes or no to. */
export interface SeenOffer extends Offer {
  /** The inviter's peer id, as the link pins it. */
  readonly inviter: string
  /** The older protocol that the inviter speaks, with weaker guarantees. Absent: ours. */
  readonly protocol?: '1.0.0'
  /** This computer's time, ms since the epoch, if the invitation has expired by it: the inviter says that it has not. */
  readonly wrongOwnTime?: number
}

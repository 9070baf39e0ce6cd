import type { Offer } from '../../protocol/message/messages.ts'

/** An offer, and who made it: what a person says yes or no to. */
export interface SeenOffer extends Offer {
  /** The inviter's peer id, as the link pins it. */
  readonly inviter: string
}

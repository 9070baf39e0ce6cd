import { compact } from '../../protocol/base/compact.ts'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import type { LinkContent } from '../../protocol/link/link-content.ts'
import { secretToText } from '../../protocol/link/secret.ts'
import type { Offer, Refusal } from '../../protocol/message/messages.ts'
import type { Dialer } from '../ports/dialer.ts'
import { askOnce, NoAnswerError } from './ask-once.ts'
import { inspectMessage, type LookFields } from './contact-message.ts'

export interface Waiting {
  readonly signal: AbortSignal
  /** How long the inviter may say nothing once it is reached, ms. */
  readonly patienceMs: number
}

/**
 * Asks the inviter what the invitation is about. Uses nothing up, discloses nothing but the token, and
 * that only to the peer that the link pins.
 * @param wanted the redemption that may follow
 * @throws what `Dialer.dial` throws; what `askOnce` throws
 */
export async function inspectOffer(
  link: LinkContent,
  dialer: Dialer,
  { signal, patienceMs }: Waiting,
  wanted: LookFields = { another: false },
): Promise<Offer | Refusal> {
  const transport = await dialer.dial(peerIdOfPublicKey(link.publicKey), link.addresses, signal)
  const message = inspectMessage(secretToText(link.secret), wanted)
  const answer = await askOnce(transport, message, { signal, patienceMs, expectsAnswer: true })
  if (answer?.type === 'Offer') return answer
  if (answer?.type === 'ProvisioningResult' && !answer.approved) return answer
  throw new NoAnswerError('the other side answered something else')
}

/** Tells the inviter "no, thank you". @throws as `inspectOffer` */
export async function declineOffer(
  link: LinkContent,
  dialer: Dialer,
  { signal, patienceMs }: Waiting,
  reason?: string,
): Promise<Refusal | undefined> {
  const transport = await dialer.dial(peerIdOfPublicKey(link.publicKey), link.addresses, signal)
  const secret = secretToText(link.secret)
  const message = compact({ type: 'Decline', secret, reason })
  const answer = await askOnce(transport, message, { signal, patienceMs, expectsAnswer: false })
  return answer?.type === 'ProvisioningResult' && !answer.approved ? answer : undefined
}

import type { MessageType } from '../../protocol/message/messages.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { ListenerEvent } from '../machine/listener-event.ts'

type HeardEvent = ListenerEvent | DialerEvent

const LAST_WORDS: ReadonlySet<HeardEvent['type']> = new Set([
  'acknowledgment',
  'decline',
  'refusal',
  'receipt',
])

/** True if nothing may come after the message that this event stands for; see MESSAGE_ORDER. */
export function isLastWord({ type }: Pick<HeardEvent, 'type'>): boolean {
  return LAST_WORDS.has(type)
}

/** Tells which message it was that came and has more after it; `null` if it was none. */
export function messageIn(event: HeardEvent): MessageType | null {
  switch (event.type) {
    case 'inspect':
      return 'Inspect'
    case 'contact':
      return 'InboundContact'
    case 'databaseResult':
      return 'DatabaseResult'
    case 'offer':
      return 'Offer'
    case 'approval':
      return 'ProvisioningResult'
    case 'strayMessage':
      return event.message
    default:
      return null
  }
}

import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import { decodeMessage } from '../../protocol/message/message-codec.ts'
import { messageHash } from '../../protocol/message/message-hash.ts'
import type { CheckpointMessage, Message } from '../../protocol/message/messages.ts'
import { payloadContentHash } from '../../protocol/receipt/receipt.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'

/** Reads an inviter's frame as an event of the invitee's machine, or as the checkpoint that goes beside. */
export function readInviterFrame(
  payload: Uint8Array,
  extent: MessageExtent,
): DialerEvent | CheckpointMessage {
  let message: Message
  try {
    message = decodeMessage(payload, extent)
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'not a message'
    return { type: 'frameRejected', problem }
  }
  switch (message.type) {
    case 'Offer':
      return { type: 'offer', offer: message }
    case 'ProvisioningResult':
      return message.approved
        ? {
            type: 'approval',
            approval: message,
            responseHash: messageHash(payload),
            contentHash: payloadContentHash(payload),
          }
        : { type: 'refusal', refusal: message }
    case 'Receipt':
      return { type: 'receipt', receipt: message }
    case 'Inspect':
    case 'InboundContact':
    case 'DatabaseResult':
    case 'Acknowledgment':
    case 'Decline':
      return { type: 'strayMessage', message: message.type }
    case 'Checkpoint':
      return message
    default:
      return message satisfies never
  }
}

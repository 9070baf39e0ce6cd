import type { PresentedToken } from '../../../hooks/session-hooks.ts'
import { compact } from '../../../protocol/base/compact.ts'
import type { MessageExtent } from '../../../protocol/json/message-extent.ts'
import { secretFromText, secretHashOf, tokenIdOf } from '../../../protocol/link/secret.ts'
import { decodeMessage } from '../../../protocol/message/message-codec.ts'
import { requestHash } from '../../../protocol/message/message-hash.ts'
import type {
  CheckpointMessage,
  InboundContact,
  Inspect,
  Message,
} from '../../../protocol/message/messages.ts'
import type { ListenerEvent } from '../../machine/listener-event.ts'
import type { ContactFacts } from '../../machine/listener-state.ts'

/** An event, and the token that came with it: the secret itself goes no further than this file. */
export interface ReadFrame {
  readonly event: ListenerEvent
  readonly presented?: PresentedToken
  /** A receipt that came with it. Too large for the journal, which needs it for nothing. */
  readonly receipt?: string
  /** Checkpoints are welcome. */
  readonly seen?: readonly number[]
}

/** Reads an invitee's frame as an event of the inviter's machine, or as the checkpoint that goes beside. */
export function readInviteeFrame(
  payload: Uint8Array,
  extent: MessageExtent,
): ReadFrame | CheckpointMessage {
  let message: Message
  try {
    message = decodeMessage(payload, extent)
    return toEvent(message)
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'not a message'
    return { event: { type: 'frameRejected', problem } }
  }
}

function toEvent(message: Message): ReadFrame | CheckpointMessage {
  switch (message.type) {
    case 'Inspect': {
      const presented = present(message.secret)
      const { bootstrapId, another } = message
      const event = { type: 'inspect' as const, tokenId: presented.tokenId }
      return { event: compact({ ...event, bootstrapId, another }), presented, ...seenOf(message) }
    }
    case 'InboundContact': {
      const presented = present(message.secret)
      const { tokenId } = presented
      const contact = contactFacts(message)
      const event = { type: 'contact' as const, tokenId, contact, partyId: message.partyId }
      const { receipt } = message
      return compact({ event, presented, receipt, ...seenOf(message) })
    }
    case 'Decline': {
      const presented = present(message.secret)
      const { reason } = message
      const event = { type: 'decline' as const, tokenId: presented.tokenId }
      return { event: compact({ ...event, reason }), presented }
    }
    case 'DatabaseResult': {
      const { type, ...result } = message
      return { event: { type: 'databaseResult', ...result } }
    }
    case 'Acknowledgment': {
      const { type, ...said } = message
      return { event: { type: 'acknowledgment', ...said } }
    }
    case 'Offer':
    case 'ProvisioningResult':
    case 'Receipt':
      return { event: { type: 'strayMessage', message: message.type } }
    case 'Checkpoint':
      return message
    default:
      return message satisfies never
  }
}

function seenOf({ seen }: Inspect | InboundContact): Pick<ReadFrame, 'seen'> {
  return compact({ seen })
}

function present(text: string): PresentedToken {
  const secret = secretFromText(text)
  return { tokenId: tokenIdOf(secret), secretHash: secretHashOf(secret) }
}

function contactFacts(message: InboundContact): ContactFacts {
  return compact({
    bootstrapId: message.bootstrapId,
    requestHash: requestHash(message),
    role: message.role,
    identity: message.identity,
    cadre: message.cadre,
    another: message.another === true,
    waits: message.waits,
    offer: message.offer,
  })
}

import { decodeMessage } from '../../protocol/message/message-codec.ts'
import type { Approval, BuiltDatabase } from '../../protocol/message/messages.ts'
import {
  payloadContentHash,
  type ReceiptMarks,
  receiptBytes,
  responseContentHash,
} from '../../protocol/receipt/receipt.ts'
import { signatureText } from '../../protocol/receipt/receipt-signature.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { TallyRecord } from '../ports/store.ts'
import { receiptBody } from '../trace/tally-receipt.ts'
import { approvalOf, inviterTally, type Redemption } from './listener-answer.ts'
import type { ListenerDesk } from './listener-context.ts'

type EffectOf<Type extends ListenerEffect['type']> = Extract<ListenerEffect, { type: Type }>

/** An answer, and the tally as this side keeps it with it. */
export interface Answered {
  readonly approval: Approval
  readonly tally: TallyRecord
}

/** stock: the "yes", signed if this node signs. @throws CanonicalJsonError */
export function signedAnswer(
  desk: ListenerDesk,
  redemption: Redemption,
  built: BuiltDatabase,
): Answered {
  const { sign } = desk.ports
  const approval = approvalOf(redemption, desk.sessionId, { built }, sign !== undefined)
  const tally = inviterTally(redemption, built, 'offered')
  const { requestHash: request } = approval
  if (sign === undefined || request === undefined) return { approval, tally }
  const { tokenId } = redemption.grant
  const marks = { tokenId, request, response: responseContentHash(approval) }
  const bytes = receiptBytes(receiptBody(tally, marks, redemption.party.peerId))
  const signature = signatureText(sign(bytes))
  desk.receipt = { redemptionId: tally.redemptionId, bytes }
  return {
    approval: { ...approval, signature },
    tally: { ...tally, receipt: { ...marks, inviterSignature: signature } },
  }
}

/** What an invitee's signature stands under. */
export interface Unsigned {
  readonly bytes: Uint8Array
  readonly marks: ReceiptMarks
}

/**
 * foil: the receipt for what the invitee built, unless this side did not announce one.
 * @param response what this side answered
 * @throws JsonError, MessageError
 */
export function delegatedReceipt(
  redemption: Redemption,
  built: BuiltDatabase,
  response: Uint8Array,
): Unsigned | undefined {
  const approval = decodeMessage(response)
  if (approval.type !== 'ProvisioningResult' || !approval.approved) return undefined
  const { requestHash: request, partyId } = approval
  if (request === undefined) return undefined
  const { tokenId } = redemption.grant
  const marks = { tokenId, request, response: payloadContentHash(response) }
  const tally = inviterTally(redemption, built, 'confirmed')
  return { bytes: receiptBytes(receiptBody(tally, marks, partyId)), marks }
}

/** stock: has the invitee signed what this side has? On any stream. */
export function verifyAcknowledgment(
  desk: ListenerDesk,
  _scope: StepScope,
  { redemptionId, responseHash, signature }: EffectOf<'verifyAcknowledgment'>,
): void {
  const said = { type: 'acknowledgmentVerified', redemptionId, responseHash } as const
  const judge = (bytes: Uint8Array | undefined): void => {
    // Of what was answered without a signature there is no receipt.
    if (bytes === undefined) return desk.dispatch(said)
    // Who drains waits for it, though the stream may be gone.
    desk.ports.track(
      desk.ports.verify(desk.peerId, bytes, signature).then((isGood) => {
        const forged = { type: 'acknowledgmentForged', redemptionId } as const
        desk.dispatch(isGood ? { ...said, signature } : forged)
      }),
    )
  }
  if (desk.receipt?.redemptionId === redemptionId) return judge(desk.receipt.bytes)
  desk.consult(
    (transaction) => transaction.committedTally(redemptionId),
    (tally) => {
      // Of nobody else is a signature looked at: there is nothing it could confirm.
      const theirs = tally?.partner.peerId === desk.peerId ? tally : undefined
      judge(theirs?.receipt && bytesOf(theirs, theirs.receipt, desk.party.peerId))
    },
  )
}

function bytesOf(tally: TallyRecord, marks: ReceiptMarks, localPeer: string): Uint8Array {
  return receiptBytes(receiptBody(tally, marks, localPeer))
}

import { decodeMessage } from '../../protocol/message/message-codec.ts'
import type { Approval, BuiltDatabase } from '../../protocol/message/messages.ts'
import { payloadContentHash, responseContentHash } from '../../protocol/receipt/receipt.ts'
import { signatureText } from '../../protocol/receipt/receipt-signature.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { OfType } from '../machine/transition.ts'
import type { TallyRecord } from '../ports/tally.ts'
import { type UnsignedReceipt, unsignedReceipt } from '../trace/tally-receipt.ts'
import { approvalOf, inviterTally, type Redemption } from './listener-answer.ts'
import type { ListenerContext, ListenerFound } from './listener-context.ts'

/** An answer, and the tally as this side keeps it with it. */
export interface Answered {
  readonly approval: Approval
  readonly tally: TallyRecord
  /** The bytes that both sides sign, if this node signs. */
  readonly receipt?: ListenerFound['receipt']
}

/** stock: the "yes", signed if this node signs. @throws CanonicalJsonError */
export function signedAnswer(
  context: ListenerContext,
  redemption: Redemption,
  built: BuiltDatabase,
): Answered {
  const { sign } = context.ports
  const approval = approvalOf(redemption, context.sessionId, { built }, sign !== undefined)
  const tally = inviterTally(redemption, built, 'offered')
  const { requestHash: request } = approval
  if (sign === undefined || request === undefined) return { approval, tally }
  const { tokenId } = redemption.grant
  const marks = { tokenId, request, response: responseContentHash(approval) }
  const { bytes } = unsignedReceipt(tally, marks, redemption.party.peerId)
  const signature = signatureText(sign(bytes))
  return {
    approval: { ...approval, signature },
    tally: { ...tally, receipt: { ...marks, inviterSignature: signature } },
    receipt: { redemptionId: tally.redemptionId, bytes },
  }
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
): UnsignedReceipt | undefined {
  const approval = decodeMessage(response)
  if (approval.type !== 'ProvisioningResult' || !approval.approved) return undefined
  const { requestHash: request, partyId } = approval
  if (request === undefined) return undefined
  const { tokenId } = redemption.grant
  const marks = { tokenId, request, response: payloadContentHash(response) }
  const tally = inviterTally(redemption, built, 'confirmed')
  return unsignedReceipt(tally, marks, partyId)
}

/** stock: checks that the invitee has signed what this side has, on any stream. */
export function verifyAcknowledgment(
  context: ListenerContext,
  _scope: StepScope,
  { type: _, signature, ...acknowledged }: OfType<ListenerEffect, 'verifyAcknowledgment'>,
): void {
  const { redemptionId } = acknowledged
  const said = { type: 'acknowledgmentVerified', ...acknowledged } as const
  const judge = (bytes: Uint8Array | undefined): void => {
    // Of what was answered without a signature there is no receipt.
    if (bytes === undefined) return context.dispatch(said)
    // Draining waits for it, though the stream may be gone.
    context.ports.track(
      context.ports.verify(context.peerId, bytes, signature).then((isGood) => {
        const forged = { type: 'acknowledgmentForged', redemptionId } as const
        context.dispatch(isGood ? { ...said, signature } : forged)
      }),
    )
  }
  const { receipt } = context.found
  if (receipt?.redemptionId === redemptionId) return judge(receipt.bytes)
  context.ask(
    (lookups) => lookups.tallies.ofRedemption(redemptionId),
    (tally) => {
      // Of nobody else is a signature looked at: there is nothing it could confirm.
      const theirs = tally?.partner.peerId === context.peerId ? tally : undefined
      judge(theirs?.receipt && unsignedReceipt(theirs, theirs.receipt, context.party.peerId).bytes)
    },
  )
}

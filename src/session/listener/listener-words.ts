import { encodeMessage } from '../../protocol/message/message-codec.ts'
import type { Message, MessageType } from '../../protocol/message/messages.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { OfType } from '../machine/transition.ts'
import type { ListenerContext } from './listener-context.ts'

/** @throws MessageError, MessageTooLargeError */
export function sendOffer(
  context: ListenerContext,
  scope: StepScope,
  { offer }: OfType<ListenerEffect, 'sendOffer'>,
): void {
  send(context, scope, encodeMessage(offer), 'Offer')
}

export function sendStoredResponse(
  context: ListenerContext,
  scope: StepScope,
  { redemptionId }: OfType<ListenerEffect, 'sendStoredResponse'>,
): void {
  const response = context.takeResponse()
  if (response !== undefined) return send(context, scope, response, 'ProvisioningResult')
  context.ask(
    (lookups) => lookups.redemptions.response(redemptionId),
    (stored) => {
      if (scope.over) return
      if (stored === undefined)
        context.dispatch({ type: 'effectFailed', detail: 'no stored response' })
      else send(context, scope, stored, 'ProvisioningResult')
    },
  )
}

export function sendStoredReceipt(
  context: ListenerContext,
  _scope: StepScope,
  { redemptionId }: OfType<ListenerEffect, 'sendStoredReceipt'>,
): void {
  context.ask(
    (lookups) => lookups.redemptions.receipt(redemptionId),
    (stored) => {
      if (stored === undefined) context.transport.reset()
      else sendAndClose(context, stored)
    },
  )
}

/** Last words: whether they arrive changes nothing here. */
export function sayAndClose(context: ListenerContext, message: Message): void {
  let payload: Uint8Array
  try {
    payload = encodeMessage(message)
  } catch {
    // A hook's own words may not fit into a message; the end must come all the same.
    context.transport.reset()
    return
  }
  sendAndClose(context, payload)
}

function sendAndClose(context: ListenerContext, payload: Uint8Array): void {
  context.transport.send(payload).then(
    () => context.transport.close(),
    () => context.transport.reset(),
  )
}

function send(
  context: ListenerContext,
  scope: StepScope,
  payload: Uint8Array,
  type: MessageType,
): void {
  context.checkpoints.speak(context.transport)
  context.transcript.said(payload, type)
  context.transport.send(payload).then(
    () => {
      if (!scope.over) context.dispatch({ type: 'sent' })
    },
    () => {
      if (!scope.over) context.dispatch({ type: 'sendFailed' })
    },
  )
}

import { encodeMessage } from '../../protocol/message/message-codec.ts'
import type { Message, MessageType } from '../../protocol/message/messages.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { ListenerDesk } from './listener-context.ts'

type EffectOf<Type extends ListenerEffect['type']> = Extract<ListenerEffect, { type: Type }>

/** @throws MessageError, MessageTooLargeError */
export function sendOffer(
  desk: ListenerDesk,
  scope: StepScope,
  { offer }: EffectOf<'sendOffer'>,
): void {
  send(desk, scope, encodeMessage(offer), 'Offer')
}

export function sendStoredResponse(
  desk: ListenerDesk,
  scope: StepScope,
  { redemptionId }: EffectOf<'sendStoredResponse'>,
): void {
  if (desk.response !== undefined) {
    send(desk, scope, desk.response, 'ProvisioningResult')
    return
  }
  desk.consult(
    (transaction) => transaction.storedResponse(redemptionId),
    (stored) => {
      if (stored === undefined)
        desk.dispatch({ type: 'effectFailed', detail: 'no stored response' })
      else send(desk, scope, stored, 'ProvisioningResult')
    },
  )
}

export function sendStoredReceipt(
  desk: ListenerDesk,
  _scope: StepScope,
  { redemptionId }: EffectOf<'sendStoredReceipt'>,
): void {
  desk.consult(
    (transaction) => transaction.storedReceipt(redemptionId),
    (stored) => {
      if (stored === undefined) desk.transport.reset()
      else sendAndClose(desk, stored)
    },
  )
}

/** Last words: whether they arrive changes nothing here. */
export function sayAndClose(desk: ListenerDesk, message: Message): void {
  let payload: Uint8Array
  try {
    payload = encodeMessage(message)
  } catch {
    // A hook's own words may not fit into a message; the end must come all the same.
    desk.transport.reset()
    return
  }
  sendAndClose(desk, payload)
}

function sendAndClose(desk: ListenerDesk, payload: Uint8Array): void {
  desk.transport.send(payload).then(
    () => desk.transport.close(),
    () => desk.transport.reset(),
  )
}

function send(desk: ListenerDesk, scope: StepScope, payload: Uint8Array, type: MessageType): void {
  desk.checkpoints.speak(desk.transport)
  desk.transcript.said(payload, type)
  desk.transport.send(payload).then(
    () => {
      if (!scope.over) desk.dispatch({ type: 'sent' })
    },
    () => {
      if (!scope.over) desk.dispatch({ type: 'sendFailed' })
    },
  )
}

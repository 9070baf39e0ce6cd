import { encodeMessage } from '../../protocol/message-codec.ts'
import type { Message } from '../../protocol/messages.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { StepScope } from '../step-scope.ts'
import { checkIdentity, deprovision, provision, verifyDatabase } from './database-desk.ts'
import { receiptOf, refusalOf } from './listener-answer.ts'
import { BUILD_HOLD_MS } from './listener-changes.ts'
import { callAside, hookContext, type ListenerDesk } from './listener-desk.ts'
import { checkDecline, claimToken, describeOffer } from './token-desk.ts'

/** Do what the machine asked for. Results come back as events. */
export function performListenerEffect(
  desk: ListenerDesk,
  effect: ListenerEffect,
  scope: StepScope,
): void {
  switch (effect.type) {
    case 'describeOffer':
      return describeOffer(desk, scope)
    case 'claimToken':
      return claimToken(desk, scope)
    case 'checkDecline':
      return checkDecline(desk, scope, effect.reason)
    case 'checkIdentity':
      return checkIdentity(desk, scope, effect)
    case 'provision':
      return provision(desk, scope, effect)
    case 'delegate':
      return desk.dispatch({ type: 'delegated', buildWithinMs: BUILD_HOLD_MS })
    case 'verifyDatabase':
      return verifyDatabase(desk, scope, effect)
    case 'sendOffer':
      return send(desk, scope, encodeMessage(effect.offer))
    case 'sendStoredResponse':
      return sendStoredResponse(desk, scope, effect.redemptionId)
    case 'sendStoredReceipt':
      return sendStoredReceipt(desk, effect.redemptionId)
    case 'refuse':
      return sayAndClose(desk, refusalOf(effect.denial))
    case 'refuseReceipt': {
      const { claim, tallyId, denial } = effect
      return sayAndClose(desk, receiptOf(claim.redemptionId, tallyId, denial))
    }
    case 'markUsed': {
      const { claim, tokenId } = effect
      const { token } = desk.ports.hooks
      return callAside(desk, 'token.markUsed', (signal) =>
        token.markUsed(tokenId, desk.sessionId, hookContext(desk, signal, claim)),
      )
    }
    case 'releaseUse': {
      const { claim, tokenId } = effect
      const { token } = desk.ports.hooks
      return callAside(desk, 'token.release', (signal) =>
        token.release?.(tokenId, hookContext(desk, signal, claim)),
      )
    }
    case 'deprovision':
      return deprovision(desk, effect.claim, effect.tallyId)
    case 'close':
      void desk.transport.close()
      return
    case 'reset':
      return desk.transport.reset()
    default:
      return effect satisfies never
  }
}

function send(desk: ListenerDesk, scope: StepScope, payload: Uint8Array): void {
  desk.transport.send(payload).then(
    () => {
      if (!scope.over) desk.dispatch({ type: 'sent' })
    },
    () => {
      if (!scope.over) desk.dispatch({ type: 'sendFailed' })
    },
  )
}

function sendStoredResponse(desk: ListenerDesk, scope: StepScope, redemptionId: string): void {
  const { store } = desk.ports
  const stored = desk.response ?? store.transact((each) => each.storedResponse(redemptionId)).value
  if (stored === undefined) desk.dispatch({ type: 'sendFailed' })
  else send(desk, scope, stored)
}

function sendStoredReceipt(desk: ListenerDesk, redemptionId: string): void {
  const stored = desk.ports.store.transact((each) => each.storedReceipt(redemptionId)).value
  if (stored === undefined) desk.transport.reset()
  else sendAndClose(desk, stored)
}

function sayAndClose(desk: ListenerDesk, message: Message): void {
  sendAndClose(desk, encodeMessage(message))
}

/** Last words: whether they arrive changes nothing here. */
function sendAndClose(desk: ListenerDesk, payload: Uint8Array): void {
  desk.transport.send(payload).then(
    () => desk.transport.close(),
    () => desk.transport.reset(),
  )
}

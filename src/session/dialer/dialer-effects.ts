import { encodeMessage } from '../../protocol/message/message-codec.ts'
import type { Message } from '../../protocol/message/messages.ts'
import {
  PeerUnreachableError,
  ProtocolUnsupportedError,
  TransportClosedError,
  WrongPeerError,
} from '../errors.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { DialerEffect } from '../machine/dialer-effect.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import { contactMessage } from './contact-message.ts'
import type { DialerDesk } from './dialer-context.ts'
import { checkResponse, provision } from './dialer-databases.ts'

type EffectOf<Type extends DialerEffect['type']> = Extract<DialerEffect, { type: Type }>

/** Do what the machine asked for. Results come back as events. */
export function performDialerEffect(
  desk: DialerDesk,
  effect: DialerEffect,
  scope: StepScope,
): void {
  switch (effect.type) {
    case 'dial':
      return dial(desk, scope, effect)
    case 'sendInspect':
      return send(desk, scope, {
        type: 'Inspect',
        secret: desk.secretText,
        ...desk.checkpoints.announce(),
      })
    case 'sendContact':
      return send(desk, scope, {
        ...contactMessage(effect.plan, desk.secretText),
        ...desk.checkpoints.announce(),
      })
    case 'sendResult': {
      const { redemptionId, built } = effect
      return send(desk, scope, { type: 'DatabaseResult', redemptionId, built, ...signed(desk) })
    }
    case 'sendAcknowledgment': {
      const { redemptionId, responseHash } = effect
      const said = { redemptionId, responseHash, ...signed(desk) }
      return send(desk, scope, { type: 'Acknowledgment', ...said })
    }
    case 'checkResponse':
      return checkResponse(desk, scope, effect)
    case 'provision':
      return provision(desk, scope, effect)
    case 'deprovision':
      return desk.ports.settleRemovals()
    case 'close':
      return desk.close()
    case 'reset':
      return desk.transport?.reset()
    default:
      return effect satisfies never
  }
}

function dial(desk: DialerDesk, scope: StepScope, { plan }: EffectOf<'dial'>): void {
  desk.dialer.dial(plan.inviter, plan.addresses, scope.signal).then(
    (transport) => {
      if (scope.over) {
        transport.reset()
        return
      }
      desk.attach(transport)
      desk.dispatch({ type: 'connected', address: transport.remoteAddress })
    },
    (error: unknown) => {
      if (!scope.over) desk.dispatch(dialFailure(error))
    },
  )
}

function dialFailure(error: unknown): DialerEvent {
  if (error instanceof WrongPeerError) {
    const detail = 'somebody else answered at the address in the link'
    return { type: 'dialFailed', cause: 'wrong_peer', detail }
  }
  if (error instanceof ProtocolUnsupportedError) {
    const detail = 'the inviter does not speak this protocol'
    return { type: 'dialFailed', cause: 'protocol_unsupported', detail }
  }
  const detail =
    error instanceof PeerUnreachableError
      ? error.attempts.map(({ address, problem }) => `${address}: ${problem}`).join('; ')
      : describeThrown(error)
  return { type: 'dialFailed', cause: 'unreachable', detail: detail.slice(0, 500) }
}

/** The signature that was stored with the tally. */
function signed({ receipt }: DialerDesk): { readonly signature?: string } {
  return receipt?.signature === undefined ? {} : { signature: receipt.signature }
}

/** @throws MessageError, MessageTooLargeError */
function send(desk: DialerDesk, scope: StepScope, message: Message): void {
  const payload = encodeMessage(message)
  desk.checkpoints.speak(desk.transport)
  if (message.type !== 'Acknowledgment') desk.transcript.said(payload, message.type)
  const sent = desk.transport?.send(payload) ?? Promise.reject(new TransportClosedError())
  sent.then(
    () => {
      if (!scope.over) desk.dispatch({ type: 'sent' })
    },
    () => {
      if (!scope.over) desk.dispatch({ type: 'sendFailed' })
    },
  )
}

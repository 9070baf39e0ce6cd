import { compact } from '../../protocol/base/compact.ts'
import { encodeMessage } from '../../protocol/message/message-codec.ts'
import { offerHash } from '../../protocol/message/message-hash.ts'
import type { Message } from '../../protocol/message/messages.ts'
import { PeerUnreachableError, ProtocolUnsupportedError, WrongPeerError } from '../errors.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { DialerEffect } from '../machine/dialer-effect.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { OfType } from '../machine/transition.ts'
import { contactMessage, inspectMessage } from './contact-message.ts'
import type { DialerContext } from './dialer-context.ts'
import { checkResponse, provisionAsInvitee } from './dialer-databases.ts'

/** Does what the machine asked for. Results come back as events. */
export function performDialerEffect(
  context: DialerContext,
  effect: DialerEffect,
  scope: StepScope,
): void {
  switch (effect.type) {
    case 'dial':
      return dial(context, scope, effect)
    case 'sendInspect':
      return send(context, scope, {
        ...inspectMessage(context.secretText, effect.plan),
        ...context.checkpoints.announce(),
      })
    case 'sendContact':
      send(context, scope, {
        ...contactMessage(effect.plan, context.secretText),
        ...compact({
          offer: effect.agreed && offerHash(effect.agreed),
          receipt: context.receipt,
        }),
        ...context.checkpoints.announce(),
      })
      return context.disclosing(disclosedOf(effect.plan))
    case 'sendResult': {
      const { redemptionId, built } = effect
      return send(context, scope, {
        type: 'DatabaseResult',
        redemptionId,
        built,
        ...signed(context),
      })
    }
    case 'sendAcknowledgment': {
      const { redemptionId, responseHash } = effect
      const said = { redemptionId, responseHash, ...signed(context) }
      return send(context, scope, { type: 'Acknowledgment', ...said })
    }
    case 'checkResponse':
      return checkResponse(context, scope, effect)
    case 'provision':
      return provisionAsInvitee(context, scope, effect)
    case 'deprovision':
      return context.ports.settleRemovals()
    case 'close':
      return context.stream.close()
    case 'reset':
      return context.stream.reset()
    default:
      return effect satisfies never
  }
}

function dial(
  context: DialerContext,
  scope: StepScope,
  { plan }: OfType<DialerEffect, 'dial'>,
): void {
  context.dialer.dial(plan.inviter, plan.addresses, scope.signal).then(
    (transport) => {
      if (scope.over) {
        transport.reset()
        return
      }
      context.stream.attach(transport)
      context.dispatch({ type: 'connected', address: transport.remoteAddress })
    },
    (error: unknown) => {
      if (!scope.over) context.dispatch(dialFailure(error))
    },
  )
}

const WRONG_PEER: Readonly<Record<WrongPeerError['code'], string>> = {
  wrong_peer: 'somebody else answered at the address in the link',
  node_uncertified: 'who answered shows a certificate that is not by the inviter for it',
  node_lapsed: 'a node of the inviter answered, whose certificate is not good at this time',
}

function dialFailure(error: unknown): DialerEvent {
  if (error instanceof WrongPeerError) {
    return { type: 'dialFailed', cause: error.code, detail: WRONG_PEER[error.code] }
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

/** The signature and the number that were stored with the tally. */
function signed({ found }: DialerContext): {
  readonly signature?: string
  readonly opening?: string
} {
  return compact({ signature: found.receipt?.signature, opening: found.receipt?.opening })
}

/** @throws MessageError, MessageTooLargeError */
function send(context: DialerContext, scope: StepScope, message: Message): void {
  const payload = encodeMessage(message)
  context.checkpoints.speak(context.stream)
  if (message.type !== 'Acknowledgment') context.transcript.said(payload, message.type)
  context.stream.send(payload).then(
    () => {
      if (!scope.over) context.dispatch({ type: 'sent' })
    },
    () => {
      if (!scope.over) context.dispatch({ type: 'sendFailed' })
    },
  )
}

/** Lists what a contact tells of this side, by name. */
function disclosedOf({ identity, cadre }: Plan): readonly string[] {
  return [...Object.keys(identity), ...(cadre.length === 0 ? [] : ['cadre'])]
}

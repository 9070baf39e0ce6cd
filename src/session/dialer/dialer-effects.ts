import { buildDraft } from '../../protocol/draft.ts'
import { encodeMessage } from '../../protocol/message-codec.ts'
import type { Message } from '../../protocol/messages.ts'
import { callHook, describeThrown } from '../call-hook.ts'
import {
  PeerUnreachableError,
  ProtocolUnsupportedError,
  WrongPeerError,
} from '../errors/transport-errors.ts'
import { databaseAnswer, verifyAnswer } from '../hook-answers.ts'
import type { DialerEffect } from '../machine/dialer-effect.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { StepScope } from '../step-scope.ts'
import { contactMessage } from './contact-message.ts'
import { type DialerDesk, dialerHookContext } from './dialer-desk.ts'
import { approvedDraft, responseProblem } from './response-check.ts'

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
      return send(desk, scope, { type: 'Inspect', secret: desk.secretText })
    case 'sendContact':
      return send(desk, scope, contactMessage(effect.plan, desk.secretText))
    case 'sendResult': {
      const { redemptionId, built } = effect
      return send(desk, scope, { type: 'DatabaseResult', redemptionId, built })
    }
    case 'sendAcknowledgment': {
      const { redemptionId, responseHash } = effect
      return send(desk, scope, { type: 'Acknowledgment', redemptionId, responseHash })
    }
    case 'checkResponse':
      return checkResponse(desk, scope, effect)
    case 'provision':
      return provision(desk, scope, effect)
    case 'deprovision':
      return deprovision(desk, effect.tallyId)
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

function send(desk: DialerDesk, scope: StepScope, message: Message): void {
  const sent =
    desk.transport?.send(encodeMessage(message)) ?? Promise.reject(new Error('no stream'))
  sent.then(
    () => {
      if (!scope.over) desk.dispatch({ type: 'sent' })
    },
    () => {
      if (!scope.over) desk.dispatch({ type: 'sendFailed' })
    },
  )
}

function checkResponse(
  desk: DialerDesk,
  scope: StepScope,
  { plan, approval, offer }: EffectOf<'checkResponse'>,
): void {
  const { built } = approval
  const problem =
    responseProblem(plan, approval, offer) ??
    (built === undefined ? undefined : conflict(desk, built.tally.tallyId, built.draft.sha256))
  if (problem !== undefined) {
    desk.dispatch({ type: 'responseRejected', problem })
    return
  }
  const hook = desk.ports.hooks.database
  if (built === undefined || hook.verify === undefined) {
    desk.dispatch({ type: 'responseAccepted' })
    return
  }
  const verify = hook.verify.bind(hook)
  callHook(
    scope,
    verifyAnswer,
    () => verify(built, dialerHookContext(desk, plan.inviter, scope.signal)),
    {
      answered: (answer) =>
        desk.dispatch(
          answer === true
            ? { type: 'responseAccepted' }
            : { type: 'responseRejected', problem: 'our database hook did not accept it' },
        ),
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'database', detail }),
    },
  )
}

/** A tally that was agreed on once is not changed by a later answer. */
function conflict(desk: DialerDesk, tallyId: string, sha256: string): string | undefined {
  const known = desk.ports.store.transact((transaction) => transaction.findTally(tallyId)).value
  return known?.status === 'confirmed' && known.built.draft.sha256 !== sha256
    ? 'this tally is here already, with other content'
    : undefined
}

function provision(
  desk: DialerDesk,
  scope: StepScope,
  { plan, approval }: EffectOf<'provision'>,
): void {
  const { database } = desk.ports.hooks
  const draftFor = (tallyId: string) => buildDraft(approvedDraft(plan, approval, tallyId))
  const context = {
    ...dialerHookContext(desk, plan.inviter, scope.signal),
    redemptionId: approval.redemptionId,
    tallyId: approval.tallyId,
    draftFor,
  }
  callHook(
    scope,
    databaseAnswer,
    () => database.provision(plan.role, plan.inviter, plan.localPeer, desk.sessionId, context),
    {
      answered: ({ tally, dbConnectionInfo }) =>
        desk.dispatch(
          provisioned(plan.role, () => ({
            tally,
            database: dbConnectionInfo,
            draft: draftFor(tally.tallyId),
          })),
        ),
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'database', detail }),
      late: ({ tally }) => deprovision(desk, tally.tallyId),
    },
  )
}

function provisioned(
  role: EffectOf<'provision'>['plan']['role'],
  make: () => Extract<DialerEvent, { type: 'provisioned' }>['built'],
): DialerEvent {
  try {
    const built = make()
    return built.tally.createdBy === role
      ? { type: 'provisioned', built }
      : { type: 'hookFailed', hook: 'database', detail: 'createdBy is not the role in the link' }
  } catch (error) {
    return { type: 'hookFailed', hook: 'database', detail: describeThrown(error) }
  }
}

function deprovision(desk: DialerDesk, tallyId: string): void {
  const { database } = desk.ports.hooks
  if (database.deprovision === undefined) return
  const context = dialerHookContext(desk, desk.dialer.localPeer, new AbortController().signal)
  const failed = (error: unknown): void =>
    desk.ports.hookComplaint('database.deprovision', describeThrown(error))
  try {
    Promise.resolve(database.deprovision(tallyId, context)).catch(failed)
  } catch (error) {
    failed(error)
  }
}

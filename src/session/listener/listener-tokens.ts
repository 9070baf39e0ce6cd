import type { HookRefusal, TokenInfo } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Offer } from '../../protocol/message/messages.ts'
import { callHook } from '../host/call-hook.ts'
import { tokenAnswer } from '../host/hook-answers.ts'
import { hookContext } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Grant } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import { denialOf, isRecognised } from './denial.ts'
import type { ListenerContext } from './listener-context.ts'

function isRefusal(answer: HookRefusal | TokenInfo): answer is HookRefusal {
  return 'refused' in answer
}

function grantOf(info: TokenInfo): Grant {
  return {
    tokenId: info.tokenId,
    role: info.initiatorRole,
    expiresAt: Date.parse(info.expiryUtc),
    required: info.identityRequirements,
    optional: info.identityOptional ?? [],
    usesAllowed: info.usesAllowed,
    terms: info.terms ?? null,
  }
}

/** Checks the expiry again: the hook's own clock is not ours. */
function stillGood(context: ListenerContext, grant: Grant): Grant | Denial {
  return grant.expiresAt > context.ports.clock.now()
    ? grant
    : { code: 'expired', reason: 'this invitation has expired' }
}

export function isDenial(answer: Grant | Denial): answer is Denial {
  return 'code' in answer
}

/** Asks the token hook about the token that was presented under this id. */
export function validateToken(
  context: ListenerContext,
  scope: StepScope,
  tokenId: string,
  then: (answer: Grant | Denial) => void,
): void {
  const presented = context.presented(tokenId)
  if (presented === undefined) {
    context.dispatch({ type: 'hookFailed', hook: 'token', detail: 'no token was presented' })
    return
  }
  callHook(
    scope,
    tokenAnswer,
    () => context.ports.hooks.token.validate(presented, hookContext(context, scope.signal)),
    {
      answered: (answer) =>
        then(isRefusal(answer) ? denialOf(answer) : stillGood(context, grantOf(answer))),
      failed: (detail) => context.dispatch({ type: 'hookFailed', hook: 'token', detail }),
    },
  )
}

/** Refuses. A peer that is only told to come again leaves no trace: a crowd of them would fill the disk. */
export function refuseToken(context: ListenerContext, tokenId: string, denial: Denial): void {
  const recognised = isRecognised(denial) && denial.code !== 'busy'
  context.dispatch({ type: 'tokenRefused', denial, recognised, tokenId })
}

/** Answers an Inspect: tells what is on offer to a peer that shows the right secret. */
export function describeOffer(
  context: ListenerContext,
  scope: StepScope,
  { tokenId }: OfType<ListenerEffect, 'describeOffer'>,
): void {
  validateToken(context, scope, tokenId, (answer) => {
    if (!isDenial(answer)) offer(context, answer)
    else if (isRecognised(answer)) remindOrRefuse(context, tokenId, answer)
    else refuseToken(context, tokenId, answer)
  })
}

/** Refuses a peer that is new; one that has a use already is told again what was agreed. */
function remindOrRefuse(context: ListenerContext, tokenId: string, denial: Denial): void {
  context.consult(
    (transaction) =>
      transaction.hasUse(tokenId, context.peerId) ? transaction.grantOf(tokenId) : undefined,
    (grant) => {
      if (grant === undefined) refuseToken(context, tokenId, denial)
      else offer(context, grant)
    },
  )
}

function offer(context: ListenerContext, grant: Grant): void {
  const { publicName } = context.ports.party()
  const { tokenId, role, terms, required, optional } = grant
  const message: Offer = compact({
    type: 'Offer',
    role,
    name: publicName,
    terms,
    required,
    optional,
    expiresAt: Math.floor(grant.expiresAt / 1000),
  })
  context.dispatch({ type: 'offerReady', offer: message, tokenId })
}

/** Checks a Decline: only the holder of the secret can end the offer for itself. */
export function checkDecline(
  context: ListenerContext,
  scope: StepScope,
  { tokenId, reason }: OfType<ListenerEffect, 'checkDecline'>,
): void {
  validateToken(context, scope, tokenId, (answer) => {
    if (isDenial(answer) && !isRecognised(answer)) {
      refuseToken(context, tokenId, answer)
      return
    }
    context.dispatch(compact({ type: 'declineRecognised', tokenId, reason }))
  })
}

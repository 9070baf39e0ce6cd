import type { HookRefusal, PresentedToken, TokenAnswer } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import { sameHash } from '../../protocol/base/same-hash.ts'
import type { Offer } from '../../protocol/message/messages.ts'
import { callHook, HookAnswerError } from '../host/call-hook.ts'
import { tokenAnswer } from '../host/hook-answers.ts'
import { hookContext } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Grant } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import { denialOf, isRecognised } from './denial.ts'
import type { ListenerContext } from './listener-context.ts'

function isRefusal(answer: HookRefusal | TokenAnswer): answer is HookRefusal {
  return 'refused' in answer
}

function grantOf(info: TokenAnswer, tokenId: string): Grant {
  return {
    tokenId,
    role: info.initiatorRole,
    expiresAt: Date.parse(info.expiryUtc),
    required: info.identityRequirements ?? [],
    optional: info.identityOptional ?? [],
    usesAllowed: info.usesAllowed === undefined ? 1 : info.usesAllowed,
    terms: info.terms ?? null,
  }
}

/** Compares the answer with what was shown: with the id that was asked about, and with the secret, if its hash is told. */
function answerFor(
  context: ListenerContext,
  { tokenId, secretHash }: PresentedToken,
  answer: HookRefusal | TokenAnswer,
): Grant | Denial {
  if (isRefusal(answer)) return denialOf(answer)
  const { tokenId: told = tokenId, secretHash: right } = answer
  if (told !== tokenId) throw new HookAnswerError('tokenId', 'not the one that was asked about')
  if (right !== undefined && !sameHash(Buffer.from(right, 'hex'), secretHash))
    return denialOf({ refused: 'invalid_token' })
  return stillGood(context, grantOf(answer, tokenId))
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
  const { hooks, hookComplaint: complain } = context.ports
  const told = { ...hookContext(context, scope.signal), ...presented }
  callHook(
    { name: 'token.validate', scope, complain },
    tokenAnswer,
    () => hooks.token.validate(tokenId, told),
    {
      answered: (answer) => then(answerFor(context, presented, answer)),
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

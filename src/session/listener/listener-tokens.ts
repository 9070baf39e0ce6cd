import type { HookRefusal, TokenInfo } from '../../hooks/session-hooks.ts'
import type { Offer } from '../../protocol/message/messages.ts'
import { callHook } from '../host/call-hook.ts'
import { tokenAnswer } from '../host/hook-answers.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Grant } from '../machine/listener-state.ts'
import { denialOf, isRecognised } from './denial.ts'
import { hookContext, type ListenerDesk } from './listener-context.ts'

type EffectOf<Type extends ListenerEffect['type']> = Extract<ListenerEffect, { type: Type }>

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

/** The hook's own clock is not ours. */
function stillGood(desk: ListenerDesk, grant: Grant): Grant | Denial {
  return grant.expiresAt > desk.ports.clock.now()
    ? grant
    : { code: 'expired', reason: 'this invitation has expired' }
}

export function isDenial(answer: Grant | Denial): answer is Denial {
  return 'code' in answer
}

/** Ask the token hook about the token that was presented under this id. */
export function validateToken(
  desk: ListenerDesk,
  scope: StepScope,
  tokenId: string,
  then: (answer: Grant | Denial) => void,
): void {
  const presented = desk.presented(tokenId)
  if (presented === undefined) {
    desk.dispatch({ type: 'hookFailed', hook: 'token', detail: 'no token was presented' })
    return
  }
  callHook(
    scope,
    tokenAnswer,
    () => desk.ports.hooks.token.validate(presented, hookContext(desk, scope.signal)),
    {
      answered: (answer) =>
        then(isRefusal(answer) ? denialOf(answer) : stillGood(desk, grantOf(answer))),
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'token', detail }),
    },
  )
}

/** Who is only to come again leaves no trace: else a crowd that does would fill the disk. */
export function refuseToken(desk: ListenerDesk, tokenId: string, denial: Denial): void {
  const recognised = isRecognised(denial) && denial.code !== 'busy'
  desk.dispatch({ type: 'tokenRefused', denial, recognised, tokenId })
}

/** Inspect: what is on offer, to whoever shows the right secret. */
export function describeOffer(
  desk: ListenerDesk,
  scope: StepScope,
  { tokenId }: EffectOf<'describeOffer'>,
): void {
  validateToken(desk, scope, tokenId, (answer) => {
    if (!isDenial(answer)) offer(desk, answer)
    else if (isRecognised(answer)) remindOrRefuse(desk, tokenId, answer)
    else refuseToken(desk, tokenId, answer)
  })
}

/** No longer good for anybody new; who has a use of it already comes back for what was agreed. */
function remindOrRefuse(desk: ListenerDesk, tokenId: string, denial: Denial): void {
  desk.consult(
    (transaction) =>
      transaction.hasUse(tokenId, desk.peerId) ? transaction.grantOf(tokenId) : undefined,
    (grant) => {
      if (grant === undefined) refuseToken(desk, tokenId, denial)
      else offer(desk, grant)
    },
  )
}

function offer(desk: ListenerDesk, grant: Grant): void {
  const { publicName } = desk.ports.party()
  const { tokenId, role, terms, required, optional } = grant
  const message: Offer = {
    type: 'Offer',
    role,
    ...(publicName === undefined ? {} : { name: publicName }),
    terms,
    required,
    optional,
    expiresAt: Math.floor(grant.expiresAt / 1000),
  }
  desk.dispatch({ type: 'offerReady', offer: message, tokenId })
}

/** Decline: only the holder of the secret can end the offer for itself. */
export function checkDecline(
  desk: ListenerDesk,
  scope: StepScope,
  { tokenId, reason }: EffectOf<'checkDecline'>,
): void {
  validateToken(desk, scope, tokenId, (answer) => {
    if (isDenial(answer) && !isRecognised(answer)) {
      refuseToken(desk, tokenId, answer)
      return
    }
    const event = { type: 'declineRecognised' as const, tokenId }
    desk.dispatch(reason === undefined ? event : { ...event, reason })
  })
}

import type { HookRefusal, PresentedToken, TokenAnswer } from '../../hooks/session-hooks.ts'
import { compact } from '../../protocol/base/compact.ts'
import { sameHash } from '../../protocol/base/same-hash.ts'
import type { Offer } from '../../protocol/message/messages.ts'
import { denialFor } from '../admission/refusals.ts'
import { callHook, HookAnswerError } from '../host/call-hook.ts'
import { denialOf, isRecognised } from '../host/denial.ts'
import { tokenAnswer } from '../host/hook-answers.ts'
import { hookContextIn } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Grant } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { Prospect, RefusedUse } from '../ports/uses/reservation.ts'
import { reuse } from '../ports/write-records.ts'
import type { ListenerContext } from './listener-context.ts'

function isRefusal(answer: HookRefusal | TokenAnswer): answer is HookRefusal {
  return 'refused' in answer
}

function grantOf(info: TokenAnswer, tokenId: string): Grant {
  return compact({
    tokenId,
    role: info.initiatorRole,
    expiresAt: Date.parse(info.expiryUtc),
    required: info.identityRequirements ?? [],
    optional: info.identityOptional ?? [],
    usesAllowed: info.usesAllowed === undefined ? 1 : info.usesAllowed,
    terms: info.terms ?? null,
    revision: info.revision,
    byHand: info.byHand === true ? (true as const) : undefined,
  })
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
  const presented = context.takePresented(tokenId)
  if (presented === undefined) {
    context.dispatch({ type: 'hookFailed', hook: 'token', detail: 'no token was presented' })
    return
  }
  const { hooks, hookComplaint: complain } = context.ports
  const told = Object.assign(hookContextIn(scope, context), presented)
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

const NOT_NOW: ReadonlySet<Denial['code']> = new Set(['busy', 'paused', 'pending'])

/** Refuses. A peer that is only told to come again leaves no trace: a crowd of them would fill the disk. */
export function refuseToken(context: ListenerContext, tokenId: string, denial: Denial): void {
  const recognised = isRecognised(denial) && !NOT_NOW.has(denial.code)
  context.dispatch({ type: 'tokenRefused', denial, recognised, tokenId })
}

/** Answers an Inspect: tells what is on offer to a peer that shows the right secret and could have it. */
export function describeOffer(
  context: ListenerContext,
  scope: StepScope,
  asked: OfType<ListenerEffect, 'describeOffer'>,
): void {
  const { tokenId } = asked
  validateToken(context, scope, tokenId, (answer) => {
    if (isDenial(answer) && !isRecognised(answer)) return refuseToken(context, tokenId, answer)
    context.ask(
      (lookups) => look(context, lookups, answer, asked),
      (found) => {
        if (scope.over) return
        if (isDenial(found)) turnAway(context, scope, tokenId, found)
        else offer(context, found)
      },
    )
  })
}

type Asked = Pick<OfType<ListenerEffect, 'describeOffer'>, 'tokenId' | 'bootstrapId' | 'another'>

/**
 * Finds out how a redemption would be answered now, in the order in which `claimToken` does. Whoever has an answer already
 * is told again what was agreed, whatever became of the token.
 */
async function look(
  context: ListenerContext,
  lookups: StoreLookups,
  answer: Grant | Denial,
  asked: Asked,
): Promise<Grant | Denial> {
  const { tokenId } = asked
  const told = isDenial(answer) ? await lookups.tokens.grantOf(tokenId) : answer
  if (told === undefined) return answer
  const prospect = await prospectOf(context, lookups, told, asked)
  const isByHand = prospect.kind !== 'refused' && prospect.byHand === true
  const known: Grant = isByHand ? { ...told, byHand: true } : told
  // Its terms are those of its redemption, whatever later invitees are offered.
  const own = prospect.kind === 'own' ? { ...known, ...prospect.offered } : undefined
  if (prospect.kind === 'own' && prospect.isAnswered && own !== undefined) return own
  // What came in time may be said yes to after that.
  if (prospect.kind === 'asked' && isDenial(answer) && answer.code === 'expired') return known
  if (prospect.kind === 'refused' && prospect.code === 'withdrawn') return toDenial(prospect)
  if (isDenial(answer)) return answer
  const notNow = context.permit.peek(answer)
  if (notNow !== undefined) return denialFor('breaker', notNow.retryAfterMs)
  if (await lookups.tokens.hasDeclined(tokenId, context.peerId)) return DECLINED
  return prospect.kind === 'refused' ? toDenial(prospect) : (own ?? known)
}

function prospectOf(
  { peerId }: ListenerContext,
  lookups: StoreLookups,
  grant: Grant,
  { bootstrapId, another }: Omit<Asked, 'tokenId'>,
): Promise<Prospect> {
  return lookups.redemptions.prospect({ grant, peerId, bootstrapId, another: another === true })
}

/** Refuses a peer before it has disclosed anything. That leaves a trace only if an alarm is about it. */
function turnAway(
  context: ListenerContext,
  scope: StepScope,
  tokenId: string,
  denial: Denial,
): void {
  const recognised = denial.code === 'used'
  const refuse = (): void => {
    if (!scope.over) context.dispatch({ type: 'tokenRefused', denial, recognised, tokenId })
  }
  if (!recognised || denial === HAS_TALLY) return refuse()
  const facts = context.audit.facts(context)
  context.submit([{ op: 'appendAudit', draft: reuse(facts, tokenId, denial.code) }], refuse)
}

const HAS_TALLY: Denial = {
  code: 'used',
  reason: 'you have accepted this invitation before, and that stands',
}

const DECLINED: Denial = { code: 'declined', reason: 'this offer was declined before' }

export function toDenial({ code, reason, retryAfterMs, pendingUntil }: RefusedUse): Denial {
  return compact({ code, reason, retryAfterMs, pendingUntil })
}

function offer(context: ListenerContext, grant: Grant): void {
  const { publicName } = context.ports.party()
  const { tokenId, role, terms, required, optional, byHand } = grant
  const message: Offer = compact({
    type: 'Offer',
    role,
    name: publicName,
    terms,
    required,
    optional,
    expiresAt: Math.floor(grant.expiresAt / 1000),
    byHand,
  })
  context.dispatch({ type: 'offerReady', offer: message, tokenId })
}

/**
 * Checks a Decline: only the holder of the secret can end the offer for itself, and only while there is one. Declining
 * again is no fault, since the first answer may have been lost.
 */
export function checkDecline(
  context: ListenerContext,
  scope: StepScope,
  { tokenId, reason }: OfType<ListenerEffect, 'checkDecline'>,
): void {
  validateToken(context, scope, tokenId, (answer) => {
    if (isDenial(answer)) return turnAway(context, scope, tokenId, answer)
    context.ask(
      (lookups) => whyNotDeclined(context, lookups, answer),
      (denial) => {
        if (scope.over) return
        if (denial !== undefined) turnAway(context, scope, tokenId, denial)
        else context.dispatch(compact({ type: 'declineRecognised', tokenId, reason }))
      },
    )
  })
}

/** Tells why there is no offer left that this peer could decline, if so. */
async function whyNotDeclined(
  context: ListenerContext,
  lookups: StoreLookups,
  grant: Grant,
): Promise<Denial | undefined> {
  const prospect = await prospectOf(context, lookups, grant, {})
  if (prospect.kind === 'own') return prospect.isAnswered ? HAS_TALLY : undefined
  if (prospect.kind !== 'refused' || prospect.code === 'in_progress') return undefined
  return toDenial(prospect)
}

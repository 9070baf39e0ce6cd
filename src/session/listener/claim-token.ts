import { compact } from '../../protocol/base/compact.ts'
import { offerHash } from '../../protocol/message/message-hash.ts'
import { denialFor } from '../admission/refusals.ts'
import { RESERVATION_SESSION_TIMEOUTS } from '../config/reservation-times.ts'
import { isRecognised } from '../host/denial.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Claim, ContactFacts, Grant } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { RefusedUse, ReserveOutcome, ReserveRequest } from '../ports/uses/reservation.ts'
import { answerTo } from '../ports/work.ts'
import type { Write } from '../ports/write.ts'
import { written } from '../ports/written.ts'
import type { ListenerContext } from './listener-context.ts'
import { isDenial, refuseToken, toDenial, validateToken } from './listener-tokens.ts'
import { unlessLost } from './lost-use.ts'

/** Answers a contact: checks the token, then reserves a use of it in the ledger. */
export function claimToken(
  context: ListenerContext,
  scope: StepScope,
  { tokenId, contact }: OfType<ListenerEffect, 'claimToken'>,
): void {
  validateToken(context, scope, tokenId, (answer) =>
    unlessLost(context, scope, tokenId, answer, () => {
      if (isDenial(answer)) refuseOrResume(context, scope, answer, tokenId, contact)
      else {
        const denial = whyNot(context, answer, contact)
        if (denial === undefined) reserve(context, scope, answer, contact)
        else if (denial === UNSEEN_TERMS) refuseOrResume(context, scope, denial, tokenId, contact)
        else refuseToken(context, tokenId, denial)
      }
    }),
  )
}

/** Tells why an invitation that stands can't be redeemed by this request, if so. */
function whyNot(
  { protocol }: ListenerContext,
  { role, terms }: Grant,
  contact: ContactFacts,
): Denial | undefined {
  if (contact.role !== role) return OTHER_ROLE
  return protocol !== undefined && terms !== null ? UNSEEN_TERMS : undefined
}

/** An older invitee can't be shown what it would agree to. One that was answered before there were terms has its answer. */
const UNSEEN_TERMS: Denial = {
  code: 'mismatch',
  reason: 'this invitation has terms, and the older protocol can not show them',
}

const OTHER_ROLE: Denial = {
  code: 'mismatch',
  reason: 'the role in the link is not the one of this invitation',
}

function reserve(
  context: ListenerContext,
  scope: StepScope,
  grant: Grant,
  contact: ContactFacts,
): void {
  const notNow = context.permit.ask(grant)
  // A peer that was answered before is answered again, whether anything can be built now or not.
  const unlessAnswered = notNow && refusal(denialFor('breaker', notNow.retryAfterMs))
  const isOfferOld = isAboutAnother(contact, grant) || undefined
  const asked = { ...reserveRequest(context, contact), grant }
  const wanted: ReserveRequest = compact({ ...asked, isOfferOld, unlessAnswered })
  const facts = context.audit.facts(context)
  const work = [{ op: 'reserve', request: wanted, facts }] as const
  context.submit(
    work,
    (outcome, durable) => {
      if (outcome.kind === 'lost') return
      settle(context, scope, grant, answerTo('reserve', work, outcome), durable)
    },
    (outcome) => {
      if (outcome.kind === 'lost') return
      const answer = answerTo('reserve', work, outcome)
      if (answer.kind === 'reserved' && agreed(grant, answer).byHand !== true)
        giveBackUnheard(context, grant, answer.claim)
    },
  )
}

/** True if the invitee has agreed to other terms than are granted now. */
function isAboutAnother({ offer }: ContactFacts, grant: Grant): boolean {
  return offer !== undefined && offer !== offerHash(grant)
}

function refusal({ code, reason, retryAfterMs }: Denial): RefusedUse {
  return compact({ kind: 'refused', code, reason, retryAfterMs })
}

/** Refuses a token that is no longer good for new peers; what this peer already has on it still stands. */
function refuseOrResume(
  context: ListenerContext,
  scope: StepScope,
  denial: Denial,
  tokenId: string,
  contact: ContactFacts,
): void {
  if (!isRecognised(denial)) {
    refuseToken(context, tokenId, denial)
    return
  }
  const facts = context.audit.facts(context)
  const wanted = reserveRequest(context, contact)
  const work = [{ op: 'resume', request: wanted, tokenId, denied: denial.code, facts }] as const
  context.submit(work, (applied, durable) => {
    if (scope.over || applied.kind === 'lost') return
    const { grant, outcome } = answerTo('resume', work, applied)
    if (grant !== undefined && outcome?.kind === 'replayed') {
      const own = agreed(grant, outcome)
      const hidden = whyNot(context, own, contact)
      if (hidden === undefined) replay(context, own, outcome)
      else refuseToken(context, tokenId, hidden)
    } else if (grant !== undefined && outcome !== undefined)
      settle(context, scope, grant, outcome, durable)
    else refuseToken(context, tokenId, outcome?.kind === 'refused' ? toDenial(outcome) : denial)
  })
}

/** Makes the request for a use, or for what is known of this peer already. */
export function reserveRequest(
  context: ListenerContext,
  contact: ContactFacts,
): Omit<ReserveRequest, 'grant'> {
  const { clock, config, ids, party, running } = context.ports
  const now = clock.now()
  return {
    redemptionId: ids.redemption(),
    sessionId: context.sessionId,
    inviter: party().peerId,
    peerId: context.peerId,
    bootstrapId: contact.bootstrapId,
    requestHash: contact.requestHash,
    another: contact.another,
    now,
    reservedUntil: now + RESERVATION_SESSION_TIMEOUTS * config.sessionTimeoutMs,
    running,
  }
}

function settle(
  context: ListenerContext,
  scope: StepScope,
  grant: Grant,
  outcome: ReserveOutcome,
  durable: Promise<void>,
): void {
  if (outcome.kind !== 'reserved') context.permit.unused()
  switch (outcome.kind) {
    case 'refused':
      if (!scope.over) refuseToken(context, grant.tokenId, toDenial(outcome))
      break
    case 'replayed':
      if (!scope.over) replay(context, agreed(grant, outcome), outcome)
      break
    case 'reserved':
      reserved(context, scope, agreed(grant, outcome), outcome.claim, durable)
      break
    case 'unasked':
      if (!scope.over) context.dispatch({ type: 'approvalNeeded', grant: agreed(grant, outcome) })
      break
    default:
      outcome satisfies never
  }
}

/** The grant of this redemption: the token's, as far as the ledger does not know better. */
function agreed(
  grant: Grant,
  known: Extract<ReserveOutcome, { kind: 'reserved' | 'replayed' | 'unasked' }>,
): Grant {
  const offered = known.kind === 'unasked' ? undefined : known.offered
  return { ...grant, ...offered, ...(known.byHand === true ? { byHand: true } : {}) }
}

function replay(
  context: ListenerContext,
  grant: Grant,
  { claim, tallyId }: Extract<ReserveOutcome, { kind: 'replayed' }>,
): void {
  context.dispatch({ type: 'tokenReplayed', grant, claim, tallyId })
}

/** Goes on with a reserved use. A host that shares its tokens between nodes has the last word, once ours is durable. */
function reserved(
  context: ListenerContext,
  scope: StepScope,
  grant: Grant,
  claim: Claim,
  durable: Promise<void>,
): void {
  if (scope.over) return giveBack(context, grant, claim)
  if (context.ports.hooks.token.reserve === undefined) {
    context.dispatch({ type: 'tokenReserved', grant, claim })
    return
  }
  durable.then(
    () => {
      if (scope.over) giveBack(context, grant, claim)
      else context.dispatch({ type: 'useHeld', grant, claim })
    },
    // The session was told by `submit`.
    () => undefined,
  )
}

/** Gives the use back: the step ended while the reservation was on its way. One that the inviter has said yes to stays held. */
function giveBack(context: ListenerContext, grant: Grant, claim: Claim): void {
  if (grant.byHand === true) return
  context.submit([releaseOf(context, grant, claim)], () => undefined)
}

/** As `giveBack`, for a session that is over without a word and writes nothing any more. */
function giveBackUnheard(context: ListenerContext, grant: Grant, claim: Claim): void {
  const { store, track } = context.ports
  // A store that has failed has told so; then the reservation lapses.
  track(written(store, [releaseOf(context, grant, claim)]).catch(() => undefined))
}

function releaseOf(context: ListenerContext, { tokenId }: Grant, claim: Claim): Write {
  const now = context.ports.clock.now()
  const facts = context.audit.facts(context)
  return { op: 'release', claim, tokenId, reason: 'step_over', now, facts }
}

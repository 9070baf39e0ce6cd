import { compact } from '../../protocol/base/compact.ts'
import { denialFor } from '../admission/refusals.ts'
import { RESERVATION_SESSION_TIMEOUTS } from '../config/reservation-times.ts'
import { isRecognised } from '../host/denial.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Claim, ContactFacts, Grant } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import type {
  RefusedUse,
  ReserveOutcome,
  ReserveRequest,
  StoreTransaction,
} from '../ports/store.ts'
import type { ListenerContext } from './listener-context.ts'
import {
  alarmReuse,
  DECLINED,
  isDenial,
  refuseToken,
  toDenial,
  validateToken,
} from './listener-tokens.ts'
import { unlessLost } from './lost-use.ts'

/** Answers a contact: checks the token, then reserves a use of it in the ledger. */
export function claimToken(
  context: ListenerContext,
  scope: StepScope,
  { tokenId, contact }: OfType<ListenerEffect, 'claimToken'>,
): void {
  validateToken(context, scope, tokenId, (answer) =>
    unlessLost(context, tokenId, answer, () => {
      if (isDenial(answer)) refuseOrResume(context, answer, tokenId, contact)
      else if (contact.role === answer.role) reserve(context, scope, answer, contact)
      else refuseToken(context, tokenId, OTHER_ROLE)
    }),
  )
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
  const wanted = request(context, grant, contact)
  const notNow = context.permit.ask(grant)
  context.consult(
    (transaction) => {
      const { tokenId } = grant
      // A peer that was answered before is answered again, whether anything can be built now or not.
      if (notNow !== undefined)
        return transaction.resume(wanted) ?? no(denialFor('breaker', notNow.retryAfterMs))
      // A decline takes nothing away from a peer that has the answer already.
      if (transaction.hasDeclined(tokenId, context.peerId))
        return transaction.resume(wanted) ?? no(DECLINED)
      return audited(context, transaction, tokenId, transaction.reserve(wanted))
    },
    (outcome, durable) => settle(context, scope, grant, outcome, durable),
  )
}

function no({ code, reason, retryAfterMs }: Denial): RefusedUse {
  return compact({ kind: 'refused', code, reason, retryAfterMs })
}

/** Refuses a token that is no longer good for new peers; what this peer already has on it still stands. */
function refuseOrResume(
  context: ListenerContext,
  denial: Denial,
  tokenId: string,
  contact: ContactFacts,
): void {
  if (!isRecognised(denial)) {
    refuseToken(context, tokenId, denial)
    return
  }
  context.consult(
    (transaction) => {
      const grant = transaction.grantOf(tokenId)
      const outcome = grant && transaction.resume(request(context, grant, contact))
      if (outcome?.kind === 'replayed') return { grant, outcome }
      // Whoever hears that nothing is here throws away what it built; and its result may be on its way.
      if (outcome?.kind === 'refused' && ['in_progress', 'withdrawn'].includes(outcome.code))
        return { outcome }
      if (denial.code === 'used') alarmReuse(context, transaction, tokenId, denial.code)
      return undefined
    },
    (found) => {
      if (found === undefined) refuseToken(context, tokenId, denial)
      else if (found.outcome.kind === 'refused')
        refuseToken(context, tokenId, toDenial(found.outcome))
      else if (found.grant !== undefined) replay(context, found.grant, found.outcome)
    },
  )
}

function request(context: ListenerContext, grant: Grant, contact: ContactFacts): ReserveRequest {
  const { clock, config, ids, party } = context.ports
  const now = clock.now()
  return {
    redemptionId: ids.redemption(),
    sessionId: context.sessionId,
    grant,
    inviter: party().peerId,
    peerId: context.peerId,
    bootstrapId: contact.bootstrapId,
    requestHash: contact.requestHash,
    another: contact.another,
    now,
    reservedUntil: now + RESERVATION_SESSION_TIMEOUTS * config.sessionTimeoutMs,
    isRunning: (redemptionId) => context.redemption.isElsewhere(redemptionId),
  }
}

/** Writes the token's life-cycle to the audit, in the same transaction as the reservation. */
function audited(
  context: ListenerContext,
  transaction: StoreTransaction,
  tokenId: string,
  outcome: ReserveOutcome,
): ReserveOutcome {
  if (outcome.kind === 'reserved') {
    const { redemptionId, fence, use } = outcome.claim
    const facts = { id: context.sessionId, peerId: context.peerId, tokenId, redemptionId }
    context.audit.write(transaction, 'token', 'info', facts, { event: 'reserved', fence, use })
  } else if (outcome.kind === 'refused' && ['used', 'mismatch'].includes(outcome.code)) {
    alarmReuse(context, transaction, tokenId, outcome.code)
  }
  return outcome
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
      refuseToken(context, grant.tokenId, toDenial(outcome))
      break
    case 'replayed':
      replay(context, grant, outcome)
      break
    case 'reserved':
      context.redemption.begin(outcome.claim.redemptionId)
      reserved(context, scope, grant, outcome.claim, durable)
      break
    default:
      outcome satisfies never
  }
}

function replay(
  context: ListenerContext,
  grant: Grant,
  { claim, tallyId }: Extract<ReserveOutcome, { kind: 'replayed' }>,
): void {
  context.redemption.begin(claim.redemptionId)
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
  if (context.ports.hooks.token.reserve === undefined) {
    context.dispatch({ type: 'tokenReserved', grant, claim })
    return
  }
  durable.then(
    () => {
      if (scope.over) giveBack(context, claim)
      else context.dispatch({ type: 'useHeld', grant, claim })
    },
    // The session was told by `consult`.
    () => undefined,
  )
}

/** Gives the use back: the step ended while the reservation was on its way to the disk. */
function giveBack(context: ListenerContext, claim: Claim): void {
  const now = context.ports.clock.now()
  context.consult(
    (transaction) => transaction.release(claim, 'step_over', now),
    () => undefined,
  )
}

import { buildDraft, DraftTooLargeError } from '../../protocol/draft/draft.ts'
import type { DraftText } from '../../protocol/message/messages.ts'
import { DELEGATED_RESERVATION_MS } from '../config/reservation-times.ts'
import { builtEvent } from '../host/built-event.ts'
import { callHook } from '../host/call-hook.ts'
import { databaseFailed } from '../host/database-failed.ts'
import { denialOf } from '../host/denial.ts'
import { databaseAnswer, identityAnswer } from '../host/hook-answers.ts'
import { hookContextIn } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Claim } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import { awaitRemoval } from '../upkeep/await-removal.ts'
import { oweRemovalNow } from '../upkeep/database-removals.ts'
import { withdrawRemoval } from '../upkeep/removal-claims.ts'
import { draftInputOf, type Redemption } from './listener-answer.ts'
import type { ListenerContext } from './listener-context.ts'

export function redemptionOf(
  context: ListenerContext,
  {
    claim,
    contact,
    grant,
  }: Pick<OfType<ListenerEffect, 'provision'>, 'claim' | 'contact' | 'grant'>,
): Redemption {
  return { claim, contact, grant, peerId: context.peerId, party: context.party }
}

/** Asks the identity hook whether what was disclosed is enough. */
export function checkIdentity(
  context: ListenerContext,
  scope: StepScope,
  { contact, grant }: OfType<ListenerEffect, 'checkIdentity'>,
): void {
  const { hooks, hookComplaint: complain } = context.ports
  const told = hookContextIn(scope, context)
  callHook(
    { name: 'identity.validate', scope, complain },
    identityAnswer,
    () => hooks.identity.validate(contact.identity, grant.required, told),
    {
      answered: (answer) =>
        context.dispatch(
          answer === true
            ? { type: 'identityAccepted' }
            : { type: 'identityRefused', denial: answer === false ? REFUSED : denialOf(answer) },
        ),
      failed: (detail) => context.dispatch({ type: 'hookFailed', hook: 'identity', detail }),
    },
  )
}

const REFUSED: Denial = {
  code: 'identity_refused',
  reason: 'the inviter did not accept who you are',
}

/** stock: has the database built, and writes the draft for it. */
export function provisionAsInviter(
  context: ListenerContext,
  scope: StepScope,
  effect: OfType<ListenerEffect, 'provision'>,
): void {
  const { claim, grant } = effect
  const { role } = grant
  const { hooks, hookComplaint: complain } = context.ports
  const { database } = hooks
  const redemption = redemptionOf(context, effect)
  const draft = fitting(context, redemption, claim.tallyId)
  if (draft === undefined) return
  const draftFor = (tallyId: string) =>
    tallyId === claim.tallyId ? draft : buildDraft(draftInputOf(redemption, tallyId))
  const more = { tallyId: claim.tallyId, draftFor }
  const told = Object.assign(hookContextIn(scope, context, claim), more)
  const { peerId: inviter } = redemption.party
  const call = () => database.provision(role, inviter, context.peerId, context.sessionId, told)
  const begin = (over: () => void) =>
    callHook({ name: 'database.provision', scope, complain }, databaseAnswer, call, {
      answered: (answer) => {
        const event = builtEvent(answer, { role, draftFor, complain })
        if (event.type === 'provisioned') context.permit.succeeded()
        else context.permit.failed()
        context.dispatch(event)
        if (event.type !== 'provisioned') takeBack(context, claim, answer.tally.tallyId)
      },
      failed: (...failure) => {
        context.permit.failed()
        context.dispatch(databaseFailed(...failure))
      },
      late: ({ tally }) => {
        // The next try finds it by its name.
        if (context.isParked && tally.tallyId === claim.tallyId) return
        takeBack(context, claim, tally.tallyId)
      },
      over,
    })
  context.ports.databases.build(claim.tallyId, scope, begin, turnOf(context, scope, claim.tallyId))
}

/** Makes the build wait while another process removes; a removal that fails there is withdrawn here. */
function turnOf(
  context: ListenerContext,
  scope: StepScope,
  tallyId: string,
): (goOn: () => void) => void {
  if (context.found.awaitsRemoval !== true) return (goOn) => goOn()
  const look = (then: (isFree: boolean) => void) => withdrawRemoval(context, tallyId, then)
  return (goOn) => awaitRemoval(context.ports.clock, scope, look, goOn)
}

/** foil: leaves the building to the invitee. */
export function delegate(
  context: ListenerContext,
  _scope: StepScope,
  effect: OfType<ListenerEffect, 'delegate'>,
): void {
  const redemption = redemptionOf(context, effect)
  if (fitting(context, redemption, effect.claim.tallyId) === undefined) return
  context.dispatch({ type: 'delegated', buildWithinMs: DELEGATED_RESERVATION_MS })
}

/** Makes the draft. Terms and disclosures that no draft can hold are refused before anybody builds for them. */
function fitting(
  context: ListenerContext,
  redemption: Redemption,
  tallyId: string,
): DraftText | undefined {
  try {
    return buildDraft(draftInputOf(redemption, tallyId))
  } catch (error) {
    if (!(error instanceof DraftTooLargeError)) throw error
    context.dispatch({ type: 'provisionRefused', denial: TOO_LONG })
    return undefined
  }
}

const TOO_LONG: Denial = {
  code: 'provision_failed',
  reason: 'terms and disclosures are too long for a draft',
}

/** Removes what came too late, or is of no use. */
function takeBack(context: ListenerContext, claim: Claim, tallyId: string): void {
  const { sessionId, peerId, ports } = context
  const { redemptionId, fence } = claim
  const reason = 'built too late, or not as asked'
  void oweRemovalNow(ports, { tallyId, redemptionId, fence, sessionId, peerId, reason })
}

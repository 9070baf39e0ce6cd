import type { HookRefusal } from '../../hooks/session-hooks.ts'
import { buildDraft } from '../../protocol/draft/draft.ts'
import { builtEvent } from '../host/built-event.ts'
import { callHook } from '../host/call-hook.ts'
import { databaseFailed } from '../host/database-failed.ts'
import { databaseAnswer, verifyAnswer } from '../host/hook-answers.ts'
import { hookContext } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { DialerEffect } from '../machine/dialer-effect.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { RemovalOrder } from '../ports/removals.ts'
import type { TallyRecord } from '../ports/tally.ts'
import { awaitRemoval } from '../upkeep/await-removal.ts'
import { oweRemovalNow } from '../upkeep/database-removals.ts'
import { isClaimed } from '../upkeep/removal-claims.ts'
import type { DialerContext } from './dialer-context.ts'
import { answerSignatureProblem } from './dialer-receipts.ts'
import { approvedDraft, responseProblem } from './response-check.ts'

/** Checks that the approval is what the link, the offer and this side's store say it must be. */
export function checkResponse(
  context: DialerContext,
  scope: StepScope,
  effect: OfType<DialerEffect, 'checkResponse'>,
): void {
  const { plan, approval, offer, contentHash } = effect
  const problem =
    responseProblem(plan, approval, offer) ?? answerSignatureProblem(plan, approval, contentHash)
  if (problem !== undefined) return context.dispatch({ type: 'responseRejected', problem })
  context.ask(
    (lookups) => lookups.tallies.find(approval.tallyId),
    (known) => {
      if (scope.over) return
      const difference = conflict(known, effect)
      if (difference === undefined) verifyWithHost(context, scope, effect)
      else context.dispatch({ type: 'responseRejected', problem: difference })
    },
  )
}

/**
 * Tells how an answer contradicts a tally that is here, if it does. No later answer changes a tally, but for the one that
 * this very attempt built and the inviter has not confirmed.
 */
function conflict(
  known: TallyRecord | undefined,
  { plan, approval }: OfType<DialerEffect, 'checkResponse'>,
): string | undefined {
  if (known === undefined) return undefined
  if (known.status === 'held' && known.tallyId === plan.held) return undefined
  const draft = approval.built?.draft ?? buildDraft(approvedDraft(plan, approval, approval.tallyId))
  return known.built.draft.sha256 === draft.sha256
    ? undefined
    : 'this tally is here already, with other content'
}

function verifyWithHost(
  context: DialerContext,
  scope: StepScope,
  { approval: { built } }: OfType<DialerEffect, 'checkResponse'>,
): void {
  const { hooks, hookComplaint: complain } = context.ports
  const hook = hooks.database
  if (built === undefined || hook.verify === undefined) {
    context.dispatch({ type: 'responseAccepted' })
    return
  }
  const verify = hook.verify.bind(hook)
  const waited = { name: 'database.verify', scope, complain }
  callHook(waited, verifyAnswer, () => verify(built, hookContext(context, scope.signal)), {
    answered: (answer) =>
      context.dispatch(
        answer === true
          ? { type: 'responseAccepted' }
          : { type: 'responseRejected', problem: problemOf(answer) },
      ),
    failed: (...failure) => context.dispatch(databaseFailed(...failure)),
  })
}

function problemOf(answer: boolean | HookRefusal): string {
  const reason = typeof answer === 'boolean' ? undefined : answer.reason
  return reason ?? 'our database hook did not accept it'
}

/** foil: builds what was approved. */
export function provisionAsInvitee(
  context: DialerContext,
  scope: StepScope,
  effect: OfType<DialerEffect, 'provision'>,
): void {
  const { tallyId } = effect.approval
  context.ask(
    (lookups) => lookups.tallies.find(tallyId),
    (known) => {
      if (scope.over) return
      const draftFor = draftsOf(effect)
      // The inviter has approved anew since: what is held under this name was given up there.
      const stale =
        known?.status === 'held' && known.built.draft.sha256 !== draftFor(tallyId).sha256
      const begin = (over: () => void) => callProvision(context, scope, effect, draftFor, over)
      const { databases } = context.ports
      if (stale)
        void databases.remove(context.ports, removalOrder(effect.plan, tallyId, 'given up'))
      databases.build(tallyId, scope, begin, turnOf(context, scope, tallyId))
    },
  )
}

function turnOf(
  context: DialerContext,
  scope: StepScope,
  tallyId: string,
): (goOn: () => void) => void {
  const { ports, found } = context
  if (!isClaimed(ports, found.removalClaim)) return (goOn) => goOn()
  const look = (then: (isFree: boolean) => void) =>
    context.ask(
      (lookups) => lookups.removals.claimOf(tallyId),
      (claim) => then(!isClaimed(ports, claim)),
    )
  return (goOn) => awaitRemoval(ports.clock, scope, look, goOn)
}

function draftsOf({ plan, approval }: OfType<DialerEffect, 'provision'>) {
  return (tallyId: string) => buildDraft(approvedDraft(plan, approval, tallyId))
}

function callProvision(
  context: DialerContext,
  scope: StepScope,
  { plan, approval }: OfType<DialerEffect, 'provision'>,
  draftFor: ReturnType<typeof draftsOf>,
  over: () => void,
): void {
  const { hooks, hookComplaint: complain } = context.ports
  const { database } = hooks
  const { role, inviter, localPeer } = plan
  const { redemptionId, tallyId } = approval
  const told = hookContext(context, scope.signal)
  const whole = { ...told, redemptionId, tallyId, draftFor }
  callHook(
    { name: 'database.provision', scope, complain },
    databaseAnswer,
    () => database.provision(role, inviter, localPeer, context.sessionId, whole),
    {
      answered: (answer) => {
        const event = builtEvent(answer, { role, draftFor, complain })
        context.dispatch(event)
        if (event.type !== 'provisioned') takeBack(context, plan, answer.tally.tallyId)
      },
      failed: (...failure) => context.dispatch(databaseFailed(...failure)),
      late: ({ tally }) => takeBack(context, plan, tally.tallyId),
      over,
    },
  )
}

/** Removes what came too late, or is of no use. */
function takeBack(context: DialerContext, plan: Plan, tallyId: string): void {
  const reason = 'built too late, or not as asked'
  void oweRemovalNow(context.ports, removalOrder(plan, tallyId, reason))
}

/** The invitee's removals have no fence: its attempts are its own. */
export function removalOrder(
  { sessionId, attemptId, inviter }: Plan,
  tallyId: string,
  reason: string,
): RemovalOrder {
  return { tallyId, redemptionId: attemptId, fence: 0, sessionId, peerId: inviter, reason }
}

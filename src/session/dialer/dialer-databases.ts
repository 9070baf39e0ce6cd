import { buildDraft } from '../../protocol/draft/draft.ts'
import { callHook } from '../host/call-hook.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import { databaseAnswer, verifyAnswer } from '../host/hook-answers.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { DialerEffect } from '../machine/dialer-effect.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { Plan } from '../machine/dialer-state.ts'
import type { RemovalOrder, StoreTransaction, TallyRecord } from '../ports/store.ts'
import { awaitRemoval } from '../upkeep/await-removal.ts'
import { isFree } from '../upkeep/removal-claims.ts'
import { oweRemovalNow } from '../upkeep/removals.ts'
import { type DialerDesk, dialerHookContext } from './dialer-context.ts'
import { answerSignatureProblem } from './dialer-receipts.ts'
import { approvedDraft, responseProblem } from './response-check.ts'

type EffectOf<Type extends DialerEffect['type']> = Extract<DialerEffect, { type: Type }>

/** Is the approval what the link, the offer and our own memory say it must be? */
export function checkResponse(
  desk: DialerDesk,
  scope: StepScope,
  effect: EffectOf<'checkResponse'>,
): void {
  const { plan, approval, offer } = effect
  const problem =
    responseProblem(plan, approval, offer) ?? answerSignatureProblem(desk, plan, approval)
  if (problem !== undefined) return desk.dispatch({ type: 'responseRejected', problem })
  desk.consult(
    (transaction) => transaction.findTally(approval.tallyId),
    (known) => {
      const difference = conflict(known, effect)
      if (difference === undefined) verifyWithHost(desk, scope, effect)
      else desk.dispatch({ type: 'responseRejected', problem: difference })
    },
  )
}

/**
 * A tally that is here is not changed by a later answer, whoever gives it: but for the one that this very
 * attempt built and nobody confirmed.
 */
function conflict(
  known: TallyRecord | undefined,
  { plan, approval }: EffectOf<'checkResponse'>,
): string | undefined {
  if (known === undefined) return undefined
  if (known.status === 'held' && known.tallyId === plan.held) return undefined
  const draft = approval.built?.draft ?? buildDraft(approvedDraft(plan, approval, approval.tallyId))
  return known.built.draft.sha256 === draft.sha256
    ? undefined
    : 'this tally is here already, with other content'
}

function verifyWithHost(
  desk: DialerDesk,
  scope: StepScope,
  { approval: { built } }: EffectOf<'checkResponse'>,
): void {
  const hook = desk.ports.hooks.database
  if (built === undefined || hook.verify === undefined) {
    desk.dispatch({ type: 'responseAccepted' })
    return
  }
  const verify = hook.verify.bind(hook)
  callHook(scope, verifyAnswer, () => verify(built, dialerHookContext(desk, scope.signal)), {
    answered: (answer) =>
      desk.dispatch(
        answer === true
          ? { type: 'responseAccepted' }
          : { type: 'responseRejected', problem: 'our database hook did not accept it' },
      ),
    failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'database', detail }),
  })
}

/** foil: build what was approved. */
export function provision(desk: DialerDesk, scope: StepScope, effect: EffectOf<'provision'>): void {
  const { tallyId } = effect.approval
  desk.consult(
    (transaction) => transaction.findTally(tallyId),
    (known) => {
      const draftFor = draftsOf(effect)
      // The inviter has approved anew since: what is held under this name was given up there.
      const stale =
        known?.status === 'held' && known.built.draft.sha256 !== draftFor(tallyId).sha256
      const begin = (over: () => void) => callProvision(desk, scope, effect, draftFor, over)
      const { databases } = desk.ports
      if (stale) void databases.remove(desk.ports, removalOrder(effect.plan, tallyId, 'given up'))
      databases.build(tallyId, scope, begin, turnOf(desk, scope, tallyId))
    },
  )
}

function turnOf(desk: DialerDesk, scope: StepScope, tallyId: string): (goOn: () => void) => void {
  if (!desk.awaitsRemoval) return (goOn) => goOn()
  const free = (transaction: StoreTransaction) => isFree(desk.ports, transaction, tallyId)
  return (goOn) => awaitRemoval(desk, scope, free, goOn)
}

function draftsOf({ plan, approval }: EffectOf<'provision'>) {
  return (tallyId: string) => buildDraft(approvedDraft(plan, approval, tallyId))
}

function callProvision(
  desk: DialerDesk,
  scope: StepScope,
  { plan, approval }: EffectOf<'provision'>,
  draftFor: ReturnType<typeof draftsOf>,
  over: () => void,
): void {
  const { database } = desk.ports.hooks
  const { role, inviter, localPeer } = plan
  const { redemptionId, tallyId } = approval
  const told = dialerHookContext(desk, scope.signal)
  const context = { ...told, redemptionId, tallyId, draftFor }
  callHook(
    scope,
    databaseAnswer,
    () => database.provision(role, inviter, localPeer, desk.sessionId, context),
    {
      answered: ({ tally, dbConnectionInfo }) => {
        const event = builtEvent(() => {
          if (tally.createdBy !== role) throw new TypeError('createdBy is not the role in the link')
          return { tally, database: dbConnectionInfo, draft: draftFor(tally.tallyId) }
        })
        desk.dispatch(event)
        if (event.type !== 'provisioned') takeBack(desk, plan, tally.tallyId)
      },
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'database', detail }),
      late: ({ tally }) => takeBack(desk, plan, tally.tallyId),
      over,
    },
  )
}

function builtEvent(
  make: () => Extract<DialerEvent, { type: 'provisioned' }>['built'],
): DialerEvent {
  try {
    return { type: 'provisioned', built: make() }
  } catch (error) {
    return { type: 'hookFailed', hook: 'database', detail: describeThrown(error) }
  }
}

/** What came too late, or is of no use, has to go. */
function takeBack(desk: DialerDesk, plan: Plan, tallyId: string): void {
  const reason = 'built too late, or not as asked'
  void oweRemovalNow(desk.ports, removalOrder(plan, tallyId, reason))
}

/** The invitee's removals have no fence: its attempts are its own. */
export function removalOrder(
  { sessionId, attemptId, inviter }: Plan,
  tallyId: string,
  reason: string,
): RemovalOrder {
  return { tallyId, redemptionId: attemptId, fence: 0, sessionId, peerId: inviter, reason }
}

import { buildDraft, DraftTooLargeError } from '../../protocol/draft/draft.ts'
import type { DraftText } from '../../protocol/message/messages.ts'
import { DELEGATED_RESERVATION_MS } from '../config/reservation-times.ts'
import { callHook } from '../host/call-hook.ts'
import { describeThrown } from '../host/describe-thrown.ts'
import { databaseAnswer, identityAnswer } from '../host/hook-answers.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial, ListenerEvent } from '../machine/listener-event.ts'
import type { Claim } from '../machine/listener-state.ts'
import type { StoreTransaction } from '../ports/store.ts'
import { awaitRemoval } from '../upkeep/await-removal.ts'
import { withdrawRemoval } from '../upkeep/removal-claims.ts'
import { oweRemovalNow } from '../upkeep/removals.ts'
import { denialOf } from './denial.ts'
import { draftInputOf, type Redemption } from './listener-answer.ts'
import { hookContext, type ListenerDesk } from './listener-context.ts'

type EffectOf<Type extends ListenerEffect['type']> = Extract<ListenerEffect, { type: Type }>

export function redemptionOf(
  desk: ListenerDesk,
  { claim, contact, grant }: Pick<EffectOf<'provision'>, 'claim' | 'contact' | 'grant'>,
): Redemption {
  return { claim, contact, grant, peerId: desk.peerId, party: desk.party }
}

/** Ask the identity hook whether what was disclosed is enough. */
export function checkIdentity(
  desk: ListenerDesk,
  scope: StepScope,
  { contact, grant }: EffectOf<'checkIdentity'>,
): void {
  const { identity } = desk.ports.hooks
  callHook(
    scope,
    identityAnswer,
    () => identity.validate(contact.identity, grant.required, hookContext(desk, scope.signal)),
    {
      answered: (answer) =>
        desk.dispatch(
          answer === true
            ? { type: 'identityAccepted' }
            : { type: 'identityRefused', denial: answer === false ? REFUSED : denialOf(answer) },
        ),
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'identity', detail }),
    },
  )
}

const REFUSED: Denial = {
  code: 'identity_refused',
  reason: 'the inviter did not accept who you are',
}

/** stock: have the database built, and write the draft for it. */
export function provision(
  desk: ListenerDesk,
  scope: StepScope,
  effect: EffectOf<'provision'>,
): void {
  const { claim, grant } = effect
  const { database } = desk.ports.hooks
  const redemption = redemptionOf(desk, effect)
  const draft = fitting(desk, redemption, claim.tallyId)
  if (draft === undefined) return
  const draftFor = (tallyId: string) =>
    tallyId === claim.tallyId ? draft : buildDraft(draftInputOf(redemption, tallyId))
  const context = { ...hookContext(desk, scope.signal, claim), tallyId: claim.tallyId, draftFor }
  const { peerId: inviter } = redemption.party
  const call = () => database.provision(grant.role, inviter, desk.peerId, desk.sessionId, context)
  const begin = (over: () => void) =>
    callHook(scope, databaseAnswer, call, {
      answered: ({ tally, dbConnectionInfo }) => {
        const event = builtEvent(() => {
          if (tally.createdBy !== grant.role) throw new TypeError('createdBy is not the role')
          return { tally, database: dbConnectionInfo, draft: draftFor(tally.tallyId) }
        })
        if (event.type === 'provisioned') desk.permit?.succeeded()
        else desk.permit?.failed()
        desk.dispatch(event)
        if (event.type !== 'provisioned') takeBack(desk, claim, tally.tallyId)
      },
      failed: (detail) => {
        desk.permit?.failed()
        desk.dispatch({ type: 'hookFailed', hook: 'database', detail })
      },
      late: ({ tally }) => {
        // The next try finds it by its name.
        if (desk.isParked && tally.tallyId === claim.tallyId) return
        takeBack(desk, claim, tally.tallyId)
      },
      over,
    })
  desk.ports.databases.build(claim.tallyId, scope, begin, turnOf(desk, scope, claim.tallyId))
}

/** Who has to wait for another process withdraws the removal if it fails there. */
function turnOf(desk: ListenerDesk, scope: StepScope, tallyId: string): (goOn: () => void) => void {
  if (!desk.awaitsRemoval) return (goOn) => goOn()
  const isFree = (transaction: StoreTransaction) =>
    withdrawRemoval(desk.ports, transaction, tallyId)
  return (goOn) => awaitRemoval(desk, scope, isFree, goOn)
}

function builtEvent(
  make: () => Extract<ListenerEvent, { type: 'provisioned' }>['built'],
): ListenerEvent {
  try {
    return { type: 'provisioned', built: make() }
  } catch (error) {
    return { type: 'hookFailed', hook: 'database', detail: describeThrown(error) }
  }
}

/** foil: leave the building to the invitee. */
export function delegate(
  desk: ListenerDesk,
  _scope: StepScope,
  effect: EffectOf<'delegate'>,
): void {
  const redemption = redemptionOf(desk, effect)
  if (fitting(desk, redemption, effect.claim.tallyId) === undefined) return
  desk.dispatch({ type: 'delegated', buildWithinMs: DELEGATED_RESERVATION_MS })
}

/** The draft; what no draft can hold is refused, before anybody builds for it. */
function fitting(
  desk: ListenerDesk,
  redemption: Redemption,
  tallyId: string,
): DraftText | undefined {
  try {
    return buildDraft(draftInputOf(redemption, tallyId))
  } catch (error) {
    if (!(error instanceof DraftTooLargeError)) throw error
    desk.dispatch({ type: 'provisionRefused', denial: TOO_LONG })
    return undefined
  }
}

const TOO_LONG: Denial = {
  code: 'provision_failed',
  reason: 'terms and disclosures are too long for a draft',
}

/** What came too late, or is of no use, has to go. */
function takeBack(desk: ListenerDesk, claim: Claim, tallyId: string): void {
  const { sessionId, peerId, ports } = desk
  const { redemptionId, fence } = claim
  const reason = 'built too late, or not as asked'
  void oweRemovalNow(ports, { tallyId, redemptionId, fence, sessionId, peerId, reason })
}

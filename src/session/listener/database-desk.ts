import { buildDraft, checkDraft, DraftTooLargeError } from '../../protocol/draft.ts'
import type { BuiltDatabase } from '../../protocol/messages.ts'
import { callHook, describeThrown } from '../call-hook.ts'
import { databaseAnswer, identityAnswer, verifyAnswer } from '../hook-answers.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Claim } from '../machine/listener-state.ts'
import type { StepScope } from '../step-scope.ts'
import { draftInputOf, type Redemption } from './listener-answer.ts'
import { callAside, hookContext, type ListenerDesk } from './listener-desk.ts'
import { denialOf } from './token-desk.ts'

type EffectOf<Type extends ListenerEffect['type']> = Extract<ListenerEffect, { type: Type }>

export function redemptionOf(
  desk: ListenerDesk,
  { claim, contact, grant }: Pick<EffectOf<'provision'>, 'claim' | 'contact' | 'grant'>,
): Redemption {
  return { claim, contact, grant, peerId: desk.peerId, party: desk.ports.party() }
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
  const redemption = redemptionOf(desk, effect)
  const draftFor = (tallyId: string) => buildDraft(draftInputOf(redemption, tallyId))
  const context = { ...hookContext(desk, scope.signal, claim), tallyId: claim.tallyId, draftFor }
  callHook(
    scope,
    databaseAnswer,
    () =>
      desk.ports.hooks.database.provision(
        grant.role,
        redemption.party.peerId,
        desk.peerId,
        desk.sessionId,
        context,
      ),
    {
      answered: ({ tally, dbConnectionInfo: database }) => {
        try {
          const built = { tally, database, draft: draftFor(tally.tallyId) }
          desk.dispatch(
            tally.createdBy === grant.role
              ? { type: 'provisioned', built }
              : { type: 'hookFailed', hook: 'database', detail: 'createdBy is not the role' },
          )
        } catch (error) {
          deprovision(desk, claim, tally.tallyId)
          desk.dispatch(draftFailure(error))
        }
      },
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'database', detail }),
      late: ({ tally }) => deprovision(desk, claim, tally.tallyId),
    },
  )
}

function draftFailure(error: unknown) {
  return error instanceof DraftTooLargeError
    ? ({
        type: 'provisionRefused',
        denial: {
          code: 'provision_failed',
          reason: 'terms and disclosures are too long for a draft',
        },
      } as const)
    : ({ type: 'hookFailed', hook: 'database', detail: describeThrown(error) } as const)
}

/** Take back what was built for nobody. */
export function deprovision(desk: ListenerDesk, claim: Claim, tallyId: string): void {
  const { database } = desk.ports.hooks
  if (database.deprovision === undefined) return
  const remove = database.deprovision.bind(database)
  callAside(desk, 'database.deprovision', (signal) =>
    remove(tallyId, hookContext(desk, signal, claim)),
  )
}

/** foil: is what the invitee built what we approved? */
export function verifyDatabase(
  desk: ListenerDesk,
  scope: StepScope,
  effect: EffectOf<'verifyDatabase'>,
): void {
  const { built, claim } = effect
  const problem = builtProblem(desk, effect)
  if (problem !== undefined) {
    const denial: Denial = { code: 'database_refused', reason: problem }
    desk.dispatch({ type: 'databaseRefused', denial })
    return
  }
  const known = desk.ports.store.transact((transaction) => ({
    mine: transaction.committedTally(claim.redemptionId),
    others: transaction.findTally(built.tally.tallyId),
  })).value
  if (known.mine !== undefined) {
    desk.dispatch(
      known.mine.built.draft.sha256 === built.draft.sha256
        ? { type: 'databaseReplayed' }
        : { type: 'databaseRefused', denial: OTHER_RESULT },
    )
    return
  }
  if (known.others !== undefined) {
    desk.dispatch({ type: 'databaseRefused', denial: TAKEN })
    return
  }
  verifyWithHost(desk, scope, built, claim)
}

const OTHER_RESULT: Denial = {
  code: 'mismatch',
  reason: 'another database was accepted for this redemption before',
}
const TAKEN: Denial = { code: 'database_refused', reason: 'this tally id is taken' }

function builtProblem(desk: ListenerDesk, effect: EffectOf<'verifyDatabase'>): string | undefined {
  const { built, grant } = effect
  if (built.tally.createdBy !== grant.role) return 'createdBy is not the role of this invitation'
  const expected = draftInputOf(redemptionOf(desk, effect), built.tally.tallyId)
  const difference = checkDraft(built.draft, expected)
  return difference === undefined ? undefined : `the draft differs: ${difference}`
}

function verifyWithHost(
  desk: ListenerDesk,
  scope: StepScope,
  built: BuiltDatabase,
  claim: Claim,
): void {
  const hook = desk.ports.hooks.database
  if (hook.verify === undefined) {
    desk.dispatch({ type: 'databaseAccepted', built })
    return
  }
  const verify = hook.verify.bind(hook)
  callHook(scope, verifyAnswer, () => verify(built, hookContext(desk, scope.signal, claim)), {
    answered: (answer) => {
      if (answer === true) {
        desk.dispatch({ type: 'databaseAccepted', built })
        return
      }
      const denial: Denial =
        answer === false
          ? { code: 'database_refused', reason: 'the inviter did not accept the database' }
          : denialOf(answer)
      desk.dispatch({ type: 'databaseRefused', denial })
    },
    failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'database', detail }),
  })
}

import { compact } from '../../protocol/base/compact.ts'
import { checkDraft } from '../../protocol/draft/draft.ts'
import { decodeMessage } from '../../protocol/message/message-codec.ts'
import type { ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import { signatureText } from '../../protocol/receipt/receipt-signature.ts'
import { callHook } from '../host/call-hook.ts'
import { databaseFailed } from '../host/database-failed.ts'
import { denialOf } from '../host/denial.ts'
import { verifyAnswer } from '../host/hook-answers.ts'
import { hookContextIn } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Denial, ListenerEvent } from '../machine/listener-event.ts'
import type { OfType } from '../machine/transition.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { TallyRecord } from '../ports/tally.ts'
import { draftInputOf } from './listener-answer.ts'
import type { ListenerContext } from './listener-context.ts'
import { redemptionOf } from './listener-databases.ts'
import { delegatedReceipt } from './listener-receipts.ts'

type VerifyDatabase = OfType<ListenerEffect, 'verifyDatabase'>

const OTHER_RESULT: Denial = {
  code: 'mismatch',
  reason: 'another database was accepted for this redemption before',
}
/** After how many ms a tally under another id can be had. */
const TAKEN_RETRY_MS = 500

/** For a tally id that is taken: the next request gets another one, see `Reservations`. */
export const TALLY_TAKEN: Denial = {
  code: 'database_refused',
  reason: 'this tally id is taken',
  retryAfterMs: TAKEN_RETRY_MS,
}
const NOT_ACCEPTED: Denial = {
  code: 'database_refused',
  reason: 'the inviter did not accept the database',
}
const FORGED: Denial = {
  code: 'protocol_violation',
  reason: 'the signature under the receipt is not yours',
}

/** foil: checks that the invitee built what was approved. */
export function verifyDatabase(
  context: ListenerContext,
  scope: StepScope,
  effect: VerifyDatabase,
): void {
  context.ask(
    (lookups) => known(lookups, effect),
    ({ mine, others, response }) => {
      if (scope.over) return undefined
      const { sha256 } = effect.built.draft
      // What was accepted once is not judged again.
      if (mine?.built.draft.sha256 === sha256) return context.dispatch({ type: 'databaseReplayed' })
      const problem = builtProblem(context, effect, response)
      if (problem !== undefined)
        return refuse(context, mine, { code: 'database_refused', reason: problem })
      if (mine !== undefined) return refuse(context, mine, OTHER_RESULT)
      if (others !== undefined) return refuse(context, mine, TALLY_TAKEN)
      return verifySignature(context, scope, effect, response)
    },
  )
}

async function known(lookups: StoreLookups, { claim, built }: VerifyDatabase) {
  const [mine, others, response] = await Promise.all([
    lookups.tallies.ofRedemption(claim.redemptionId),
    lookups.tallies.find(built.tally.tallyId),
    lookups.redemptions.response(claim.redemptionId),
  ])
  return { mine, others, response }
}

/** Refuses. A result that was accepted before stands. */
function refuse(context: ListenerContext, mine: TallyRecord | undefined, denial: Denial): void {
  const type = mine === undefined ? 'databaseRefused' : 'databaseContradicted'
  context.dispatch({ type, denial })
}

function builtProblem(
  context: ListenerContext,
  effect: VerifyDatabase,
  response: Uint8Array | undefined,
): string | undefined {
  const { built, grant } = effect
  if (built.tally.createdBy !== grant.role) return 'createdBy is not the role of this invitation'
  const approval = response === undefined ? undefined : decodeMessage(response)
  if (approval?.type !== 'ProvisioningResult' || !approval.approved) return 'it was not approved'
  // The draft is measured by what this side said then, which may not be what it would say now.
  const { partyId: peerId, identity, cadre, terms } = approval
  const said = {
    ...redemptionOf(context, effect),
    grant: { ...grant, terms },
    party: { peerId, identity, cadre },
  }
  const difference = checkDraft(built.draft, draftInputOf(said, built.tally.tallyId))
  return difference === undefined ? undefined : `the draft differs: ${difference}`
}

/** Checks the signature. An invitee that signs no receipts is believed without one. */
function verifySignature(
  context: ListenerContext,
  scope: StepScope,
  effect: VerifyDatabase,
  response: Uint8Array | undefined,
): void {
  const { signature, built, opening } = effect
  const { sign, verify } = context.ports
  const unsigned = response && delegatedReceipt(redemptionOf(context, effect), built, response)
  if (sign === undefined || signature === undefined || unsigned === undefined)
    return verifyWithHost(context, scope, effect)
  const { bytes, marks } = unsigned
  void verify(context.peerId, bytes, signature).then((isGood) => {
    if (scope.over) return
    if (!isGood) return context.dispatch({ type: 'databaseRefused', denial: FORGED })
    const inviterSignature = signatureText(sign(bytes))
    const receipt = { ...marks, inviterSignature, inviteeSignature: signature, opening }
    verifyWithHost(context, scope, effect, compact(receipt))
  })
}

function verifyWithHost(
  context: ListenerContext,
  scope: StepScope,
  { built, claim }: VerifyDatabase,
  receipt?: ReceiptMarks,
): void {
  const { hooks, hookComplaint: complain } = context.ports
  const hook = hooks.database
  const answered = (answer: unknown): ListenerEvent =>
    answer === true
      ? compact({ type: 'databaseAccepted', built, receipt })
      : { type: 'databaseRefused', denial: NOT_ACCEPTED }
  callHook(
    { name: 'database.verify', scope, complain },
    verifyAnswer,
    () => hook.verify?.(built, hookContextIn(scope, context, claim)) ?? true,
    {
      answered: (answer) =>
        context.dispatch(
          typeof answer === 'boolean'
            ? answered(answer)
            : { type: 'databaseRefused', denial: denialOf(answer) },
        ),
      failed: (...failure) => context.dispatch(databaseFailed(...failure)),
    },
  )
}

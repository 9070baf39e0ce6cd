import { callAside } from '../host/call-aside.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import { tellOwed } from '../upkeep/use-notices.ts'
import { claimToken } from './claim-token.ts'
import { WITHDRAWN } from './denial.ts'
import { askHost, releaseWithHost } from './host-use.ts'
import { refusalOf, refusingReceipt } from './listener-answer.ts'
import { hookContext, type ListenerDesk } from './listener-context.ts'
import { checkIdentity, delegate, provision } from './listener-databases.ts'
import { verifyAcknowledgment } from './listener-receipts.ts'
import { checkDecline, describeOffer } from './listener-tokens.ts'
import { sayAndClose, sendOffer, sendStoredReceipt, sendStoredResponse } from './listener-words.ts'
import { verifyDatabase } from './verify-database.ts'

type EffectOf<Type extends ListenerEffect['type']> = Extract<ListenerEffect, { type: Type }>

type Performer<Type extends ListenerEffect['type']> = (
  desk: ListenerDesk,
  scope: StepScope,
  effect: EffectOf<Type>,
) => void

const PERFORMERS: { readonly [Type in ListenerEffect['type']]: Performer<Type> } = {
  describeOffer,
  claimToken,
  askHost,
  checkDecline,
  checkIdentity,
  provision,
  delegate,
  verifyDatabase,
  verifyAcknowledgment,
  sendOffer,
  sendStoredResponse,
  sendStoredReceipt,
  refuse: (desk, _scope, { denial }) => sayAndClose(desk, refusalOf(denial)),
  refuseReceipt: (desk, _scope, { claim, tallyId, denial }) =>
    sayAndClose(desk, refusingReceipt(claim.redemptionId, tallyId, denial)),
  markUsed,
  releaseUse: (desk, _scope, { claim, tokenId }) => releaseWithHost(desk, claim, tokenId),
  deprovision: (desk) => desk.ports.settleRemovals(),
  close: (desk) => {
    if (desk.isTooLate) sayAndClose(desk, refusalOf(WITHDRAWN))
    else void desk.transport.close()
  },
  reset: (desk) => desk.transport.reset(),
}

function markUsed(
  desk: ListenerDesk,
  _scope: StepScope,
  { claim, tokenId }: EffectOf<'markUsed'>,
): void {
  const { token } = desk.ports.hooks
  if (token.mustBeTold !== false) return tellOwed(desk.ports, claim.redemptionId)
  void callAside(desk.ports, 'token.markUsed', (signal) =>
    token.markUsed(tokenId, desk.sessionId, hookContext(desk, signal, claim)),
  )
}

/** Do what the machine asked for. Results come back as events. */
export function performListenerEffect(
  desk: ListenerDesk,
  effect: ListenerEffect,
  scope: StepScope,
): void {
  // The table's type pairs each effect with a performer of just that one.
  const perform = PERFORMERS[effect.type] as Performer<ListenerEffect['type']>
  perform(desk, scope, effect as never)
}

import { callHookInBackground } from '../host/call-hook-in-background.ts'
import { hookContext } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { OfType } from '../machine/transition.ts'
import { tellOwed } from '../upkeep/use-notices.ts'
import { claimToken } from './claim-token.ts'
import { askHost, releaseWithHost } from './host-use.ts'
import { keepRequest } from './keep-request.ts'
import { refusalMessage, refusingReceipt } from './listener-answer.ts'
import type { ListenerContext } from './listener-context.ts'
import { checkIdentity, delegate, provisionAsInviter } from './listener-databases.ts'
import { verifyAcknowledgment } from './listener-receipts.ts'
import { checkDecline, describeOffer } from './listener-tokens.ts'
import { sayAndClose, sendOffer, sendStoredReceipt, sendStoredResponse } from './listener-words.ts'
import { verifyDatabase } from './verify-database.ts'

type Performer<Type extends ListenerEffect['type']> = (
  context: ListenerContext,
  scope: StepScope,
  effect: OfType<ListenerEffect, Type>,
) => void

const PERFORMERS: { readonly [Type in ListenerEffect['type']]: Performer<Type> } = {
  describeOffer,
  claimToken,
  askHost,
  keepRequest,
  checkDecline,
  checkIdentity,
  provision: provisionAsInviter,
  delegate,
  verifyDatabase,
  verifyAcknowledgment,
  sendOffer,
  sendStoredResponse,
  sendStoredReceipt,
  refuse: (context, _scope, { denial }) => sayAndClose(context, refusalMessage(denial)),
  refuseReceipt: (context, _scope, { claim, tallyId, denial }) =>
    sayAndClose(context, refusingReceipt(claim.redemptionId, tallyId, denial)),
  markUsed,
  releaseUse: (context, _scope, { claim, tokenId }) => releaseWithHost(context, claim, tokenId),
  deprovision: (context) => context.ports.settleRemovals(),
  close: (context, _scope, { ifWithdrawn }) => {
    if (ifWithdrawn !== undefined && context.found.isWithdrawn === true)
      sayAndClose(context, refusalMessage(ifWithdrawn))
    else void context.transport.close()
  },
  reset: (context) => context.transport.reset(),
}

function markUsed(
  context: ListenerContext,
  _scope: StepScope,
  { claim, tokenId }: OfType<ListenerEffect, 'markUsed'>,
): void {
  const { token } = context.ports.hooks
  if (token.mustBeTold !== false) return tellOwed(context.ports, claim.redemptionId)
  void callHookInBackground(context.ports, 'token.markUsed', (signal) =>
    token.markUsed(tokenId, context.sessionId, hookContext(context, signal, claim)),
  )
}

/** Does what the machine asked for. Results come back as events. */
export function performListenerEffect(
  context: ListenerContext,
  effect: ListenerEffect,
  scope: StepScope,
): void {
  // The table's type pairs each effect with a performer of just that one.
  const perform = PERFORMERS[effect.type] as Performer<ListenerEffect['type']>
  perform(context, scope, effect as never)
}

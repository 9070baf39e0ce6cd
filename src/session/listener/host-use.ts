import type { TokenInfo } from '../../hooks/session-hooks.ts'
import { callHook } from '../host/call-hook.ts'
import { callHookInBackground } from '../host/call-hook-in-background.ts'
import { denialOf } from '../host/denial.ts'
import { reserveAnswer } from '../host/hook-answers.ts'
import { hookContext, hookContextIn } from '../host/hook-context.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Claim, Grant } from '../machine/listener-state.ts'
import type { OfType } from '../machine/transition.ts'
import type { ListenerContext } from './listener-context.ts'
import { refuseToken } from './listener-tokens.ts'

// A host that shares its tokens between nodes has the last word on each use.

/** Asks the host for the use that is held here. */
export function askHost(
  context: ListenerContext,
  scope: StepScope,
  { grant, claim }: OfType<ListenerEffect, 'askHost'>,
): void {
  const { hooks, hookComplaint: complain } = context.ports
  const hook = hooks.token
  callHook(
    { name: 'token.reserve', scope, complain },
    reserveAnswer,
    () => hook.reserve?.(toInfo(grant), hookContextIn(scope, context, claim)) ?? true,
    {
      answered: (answer) => {
        if (answer === true) context.dispatch({ type: 'tokenReserved', grant, claim })
        else refuseToken(context, grant.tokenId, denialOf(answer))
      },
      failed: (detail) => context.dispatch({ type: 'hookFailed', hook: 'token', detail }),
      late: (answer) => {
        if (answer === true) releaseWithHost(context, claim, grant.tokenId)
      },
    },
  )
}

/** Tells the host that the use is free again. */
export function releaseWithHost(context: ListenerContext, claim: Claim, tokenId: string): void {
  const hook = context.ports.hooks.token
  if (hook.release === undefined) return
  const release = hook.release.bind(hook)
  void callHookInBackground(context.ports, 'token.release', (signal) =>
    release(tokenId, hookContext(context, signal, claim)),
  )
}

function toInfo(grant: Grant): TokenInfo {
  return {
    tokenId: grant.tokenId,
    initiatorRole: grant.role,
    expiryUtc: new Date(grant.expiresAt).toISOString(),
    identityRequirements: grant.required,
    identityOptional: grant.optional,
    usesAllowed: grant.usesAllowed,
    terms: grant.terms,
    revision: grant.revision,
    ...(grant.byHand === true ? { byHand: true } : {}),
  }
}

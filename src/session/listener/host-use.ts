import type { TokenInfo } from '../../hooks/session-hooks.ts'
import { callAside } from '../host/call-aside.ts'
import { callHook } from '../host/call-hook.ts'
import { reserveAnswer } from '../host/hook-answers.ts'
import type { StepScope } from '../host/step-scope.ts'
import type { ListenerEffect } from '../machine/listener-effect.ts'
import type { Claim, Grant } from '../machine/listener-state.ts'
import { denialOf } from './denial.ts'
import { hookContext, type ListenerDesk } from './listener-context.ts'
import { refuseToken } from './listener-tokens.ts'

// A host that shares its tokens between nodes has the last word on each use.

type EffectOf<Type extends ListenerEffect['type']> = Extract<ListenerEffect, { type: Type }>

/** Ask the host for the use that is held here. */
export function askHost(
  desk: ListenerDesk,
  scope: StepScope,
  { grant, claim }: EffectOf<'askHost'>,
): void {
  const hook = desk.ports.hooks.token
  callHook(
    scope,
    reserveAnswer,
    () => hook.reserve?.(toInfo(grant), hookContext(desk, scope.signal, claim)) ?? true,
    {
      answered: (answer) => {
        if (answer === true) desk.dispatch({ type: 'tokenReserved', grant, claim })
        else refuseToken(desk, grant.tokenId, denialOf(answer))
      },
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'token', detail }),
      late: (answer) => {
        if (answer === true) releaseWithHost(desk, claim, grant.tokenId)
      },
    },
  )
}

/** Tell the host that the use is free again. */
export function releaseWithHost(desk: ListenerDesk, claim: Claim, tokenId: string): void {
  const hook = desk.ports.hooks.token
  if (hook.release === undefined) return
  const release = hook.release.bind(hook)
  void callAside(desk.ports, 'token.release', (signal) =>
    release(tokenId, hookContext(desk, signal, claim)),
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
  }
}

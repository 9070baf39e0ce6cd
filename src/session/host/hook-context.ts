import type { HookContext } from '../../hooks/session-hooks.ts'
import type { StepScope } from './step-scope.ts'

type Caller = Pick<HookContext, 'sessionId' | 'deadline' | 'peerId'> & {
  readonly protocol?: '1.0.0' | undefined
}

interface Redeemed {
  readonly redemptionId: string
  readonly fence: number
}

/** Tells a hook which session calls it, for which redemption if there is one, and how long it may take. */
export function hookContext(
  { sessionId, deadline, peerId, protocol }: Caller,
  signal: AbortSignal,
  claim?: Redeemed,
): HookContext {
  return { signal, sessionId, deadline, peerId, ...known(claim, protocol) }
}

function known(claim: Redeemed | undefined, protocol: Caller['protocol']) {
  const redemption = claim && { redemptionId: claim.redemptionId, fence: claim.fence }
  return protocol === undefined ? redemption : { ...redemption, protocol }
}

/**
 * As `hookContext`, for a hook that a step waits for. The step's signal is made when the hook looks at it: most do not, and
 * to make and abort one takes longer than all else about a call.
 */
export function hookContextIn(
  scope: Pick<StepScope, 'signal'>,
  { sessionId, deadline, peerId, protocol }: Caller,
  claim?: Redeemed,
): HookContext {
  return {
    get signal() {
      return scope.signal
    },
    sessionId,
    deadline,
    peerId,
    ...known(claim, protocol),
  }
}

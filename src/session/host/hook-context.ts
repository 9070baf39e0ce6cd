import type { HookContext } from '../../hooks/session-hooks.ts'
import type { StepScope } from './step-scope.ts'

type Caller = Pick<HookContext, 'sessionId' | 'deadline' | 'peerId'>

interface Redeemed {
  readonly redemptionId: string
  readonly fence: number
}

/** Tells a hook which session calls it, for which redemption if there is one, and how long it may take. */
export function hookContext(
  { sessionId, deadline, peerId }: Caller,
  signal: AbortSignal,
  claim?: Redeemed,
): HookContext {
  const redemption = claim && { redemptionId: claim.redemptionId, fence: claim.fence }
  return { signal, sessionId, deadline, peerId, ...redemption }
}

/**
 * As `hookContext`, for a hook that a step waits for. The step's signal is made when the hook looks at it: most do not, and
 * to make and abort one takes longer than all else about a call.
 */
export function hookContextIn(
  scope: Pick<StepScope, 'signal'>,
  { sessionId, deadline, peerId }: Caller,
  claim?: Redeemed,
): HookContext {
  const redemption = claim && { redemptionId: claim.redemptionId, fence: claim.fence }
  return {
    get signal() {
      return scope.signal
    },
    sessionId,
    deadline,
    peerId,
    ...redemption,
  }
}

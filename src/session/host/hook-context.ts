import type { HookContext } from '../../hooks/session-hooks.ts'

/** Tells a hook which session calls it, for which redemption if there is one, and how long it may take. */
export function hookContext(
  { sessionId, deadline, peerId }: Pick<HookContext, 'sessionId' | 'deadline' | 'peerId'>,
  signal: AbortSignal,
  claim?: { readonly redemptionId: string; readonly fence: number },
): HookContext {
  const redemption = claim && { redemptionId: claim.redemptionId, fence: claim.fence }
  return { signal, sessionId, deadline, peerId, ...redemption }
}

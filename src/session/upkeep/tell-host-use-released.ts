import type { SessionHooks } from '../../hooks/session-hooks.ts'
import { type BackgroundHookPorts, callHookInBackground } from '../host/call-hook-in-background.ts'
import type { LapsedReservation } from '../ports/uses/reservation.ts'

export interface TokenHookPorts extends BackgroundHookPorts {
  readonly hooks: Pick<SessionHooks, 'token'>
}

/** Tells a host that shares its tokens between nodes that a use is free again which no session holds any more. */
export function tellHostUseReleased(
  ports: TokenHookPorts,
  { claim, tokenId, sessionId, peerId }: LapsedReservation,
): void {
  const { token } = ports.hooks
  if (token.release === undefined) return
  const release = token.release.bind(token)
  const { redemptionId, fence } = claim
  const deadline = ports.clock.now() + ports.config.provisionTimeoutMs
  void callHookInBackground(ports, 'token.release', (signal) =>
    release(tokenId, { signal, sessionId, redemptionId, fence, deadline, peerId }),
  )
}

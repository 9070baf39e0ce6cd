import type { HookContext, PresentedToken } from '../../hooks/session-hooks.ts'
import type { ListenerEvent } from '../machine/listener-event.ts'
import type { Claim, ListenerState } from '../machine/listener-state.ts'
import type { Transport } from '../ports/transport.ts'
import type { SessionAudit } from '../session-audit.ts'
import type { SessionPorts } from '../session-ports.ts'

/** What the parts of one listener session share. */
export interface ListenerDesk {
  readonly ports: SessionPorts
  readonly transport: Transport
  readonly audit: SessionAudit
  readonly sessionId: string
  readonly peerId: string
  /** When the session must be over, milliseconds since the epoch. */
  readonly deadline: number
  readonly state: ListenerState
  /** The token of the latest frame that carried one. */
  readonly presented: PresentedToken | undefined
  /** The response as encoded for the commit, so that sending needs no reading. */
  response: Uint8Array | undefined
  dispatch(event: ListenerEvent): void
  /** True if another session of this redemption is under way in this process. */
  isRunning(redemptionId: string): boolean
  /** This session works on that redemption from now on. */
  runs(redemptionId: string): void
}

/** What a hook is told about the call. */
export function hookContext(desk: ListenerDesk, signal: AbortSignal, claim?: Claim): HookContext {
  return {
    signal,
    sessionId: desk.sessionId,
    deadline: desk.deadline,
    peerId: desk.peerId,
    ...(claim === undefined ? {} : { redemptionId: claim.redemptionId, fence: claim.fence }),
  }
}

/** A call that belongs to no step: nobody waits for it, its failure is only noted. */
export function callAside(
  desk: ListenerDesk,
  hook: string,
  call: (signal: AbortSignal) => unknown,
): void {
  const failed = (error: unknown): void => desk.ports.hookComplaint(hook, String(error))
  try {
    Promise.resolve(call(new AbortController().signal)).catch(failed)
  } catch (error) {
    failed(error)
  }
}

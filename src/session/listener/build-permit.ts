import type { NotNow, Permit } from '../host/circuit-breaker.ts'
import type { Grant, ListenerState } from '../machine/listener-state.ts'
import type { ListenerContext } from './listener-context.ts'

/**
 * May a database be built for this? Asked before a use is reserved: what can't be built must hold no use.
 * @returns when to ask again; undefined if it may, or if it is not this side that builds
 */
export function askToBuild(context: ListenerContext, { role }: Grant): NotNow | undefined {
  if (role !== 'stock') return undefined
  const answer = context.ports.breaker.ask()
  if ('retryAfterMs' in answer) return answer
  context.permit = answer
  return undefined
}

/** The session is over. If nobody has said how the building went, then it either hung or was not begun. */
export function settlePermit(permit: Permit | undefined, state: ListenerState): void {
  if (state.name === 'TIMEOUT' && state.failure.step === 'PROVISIONING_DB') permit?.failed()
  else permit?.unused()
}

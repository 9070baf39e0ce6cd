import { SessionCore } from '../../../src/session/manager/session-core.ts'
import type { KillSwitch } from './kill-switch.ts'
import { KillingTransport, killingDialer } from './killing-transport.ts'

/**
 * Listener and Redeemer build their network themselves, as the commands want it; so the points are put where it
 * meets the sessions. For a process of its own: it holds for every manager in it.
 */
export function killOnTheNetwork(killer: KillSwitch): void {
  const { accept, redeem } = SessionCore.prototype
  SessionCore.prototype.accept = function (transport) {
    accept.call(this, new KillingTransport(transport, killer))
  }
  SessionCore.prototype.redeem = function (request, dialer) {
    return redeem.call(this, request, killingDialer(dialer, killer))
  }
}

import { AnswerLines } from '../../../src/service/answers/answer-lines.ts'
import { OperatorActs } from '../../../src/session/manager/operator-acts.ts'
import { SessionCore } from '../../../src/session/manager/session-core.ts'
import type { KillSwitch } from './kill-switch.ts'
import { KillingTransport, killingDialer } from './killing-transport.ts'

/**
 * Listener and Redeemer build their network themselves, as the commands want it; so the points are put where it
 * meets the sessions and those who wait, and where a command's word about a request arrives. For a process of its own: it holds for every manager in it.
 */
export function killOnTheNetwork(killer: KillSwitch): void {
  const { accept, redeem } = SessionCore.prototype
  SessionCore.prototype.accept = function (transport) {
    accept.call(this, new KillingTransport(transport, killer))
  }
  SessionCore.prototype.redeem = function (request, dialer) {
    return redeem.call(this, request, killingDialer(dialer, killer))
  }
  const { accept: hold } = AnswerLines.prototype
  AnswerLines.prototype.accept = function (transport) {
    hold.call(this, new KillingTransport(transport, killer))
  }
  const { decideRequest } = OperatorActs.prototype
  OperatorActs.prototype.decideRequest = function (...said) {
    const [, { says }] = said
    return killer.around(`deciding ${says}`, () => decideRequest.apply(this, said))
  }
}

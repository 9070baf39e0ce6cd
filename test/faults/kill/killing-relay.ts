import { Circuits } from '../../../src/network/relay-server/circuits.ts'
import { RelayReservations } from '../../../src/network/relay-server/reservations.ts'
import type { KillSwitch } from './kill-switch.ts'

/** The points of a relay, for a process of its own: it holds for every relay in it. */
export function killInTheRelay(killer: KillSwitch): void {
  const { reserve } = RelayReservations.prototype
  RelayReservations.prototype.reserve = function (connection) {
    killer.at('before reserving')
    const reservation = reserve.call(this, connection)
    killer.at('after reserving')
    return reservation
  }
  const { open, join } = Circuits.prototype
  Circuits.prototype.open = function (...all) {
    return killer.around('asking the inviter', () => open.apply(this, all))
  }
  Circuits.prototype.join = function (streams, ...rest) {
    const [invitee, inviter] = streams
    killer.at('before joining')
    // Before the circuit's own: the piece is not passed on.
    invitee.addEventListener('message', () => killer.at('a piece of the invitee'))
    inviter.addEventListener('message', () => killer.at('a piece of the inviter'))
    join.call(this, streams, ...rest)
    killer.at('after joining')
  }
}

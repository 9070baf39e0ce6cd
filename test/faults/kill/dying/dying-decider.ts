import { peerIdOfKeyBytes } from '../../../../src/network/identity/key-bytes.ts'
import {
  type DecidePlace,
  decideByOperator,
} from '../../../../src/service/approval/decide-by-operator.ts'
import { requestsStartingWith } from '../../../../src/service/approval/pending-page.ts'
import { currentOperator } from '../../../../src/service/record/operator.ts'
import { SYSTEM_CLOCK } from '../../../../src/session/clock/system-clock.ts'
import { type DeciderOrders, ordersOf } from '../child-orders.ts'
import { runnerParts } from './runner-parts.ts'

/** As long as `taleus` holds a request by default, and more than a round takes. */
const PENDING_FOR_MS = 3_600_000

/** `taleus sessions approve` or `sessions deny`, but for where it dies. */
const { request: id, says, ...orders } = ordersOf<DeciderOrders>()
const { directory, store, hooks, key, killer } = await runnerParts(orders)
const place: DecidePlace = {
  directory,
  store,
  clock: SYSTEM_CLOCK,
  config: { pendingForMs: PENDING_FOR_MS },
  inviter: peerIdOfKeyBytes(key),
}
const [request] = await requestsStartingWith(store, id)
if (request === undefined) throw new TypeError(`no request ${id}`)
await killer.around(`asking ${says}`, () =>
  decideByOperator(place, request, { says }, currentOperator()),
)
hooks.audit.flush()
store.close()

import { peerIdOfKeyBytes } from '../../../../src/network/identity/key-bytes.ts'
import { redeemLink } from '../../../../src/service/redeeming/redeem-link.ts'
import { Redeemer } from '../../../../src/service/redeeming/redeemer.ts'
import { isProcessGone, takeProcessName } from '../../../../src/store/directory/process-name.ts'
import { type InviteeOrders, ordersOf } from '../child-orders.ts'
import { runnerParts } from './runner-parts.ts'

/** `taleus bootstrap --yes --json`, but for where it dies. Its last line is what came of it. */
const { link, identity, ...orders } = ordersOf<InviteeOrders>()
const { directory, store, hooks, key } = await runnerParts(orders)
const name = takeProcessName(directory)
const known = { id: name.id, isGone: (id: string) => isProcessGone(directory, id) }
const redeemer = new Redeemer({ store, hooks, config: {}, key, process: known })
const ports = { store, redeemer, localPeer: peerIdOfKeyBytes(key), identity: {}, cadre: [] }
const result = await redeemLink(ports, {
  text: link,
  given: identity,
  timeoutMs: 30_000,
  another: false,
  dryRun: false,
  interrupted: new AbortController().signal,
  agree: async () => true,
})
hooks.audit.flush()
name.release()
store.close()
process.stdout.write(`${JSON.stringify(result)}\n`)

import { once } from 'node:events'
import { openRelay } from '../../../../src/service/relay/open-relay.ts'
import { ordersOf, type RelayOrders } from '../child-orders.ts'
import { KillSwitch } from '../kill-switch.ts'
import { killInTheRelay } from '../killing-relay.ts'

/** `taleus relay --open`, but for where it dies. Says `ready` and its address; SIGTERM stops it in good order. */
const { directory, address, death, trace, limits = {} } = ordersOf<RelayOrders>()
process.umask(0o077)
const tell = (point: string): void => void process.stdout.write(`passed ${point}\n`)
killInTheRelay(new KillSwitch(death, trace === true ? tell : undefined))
const relay = openRelay(directory, {
  policy: { open: true, allow: new Set() },
  listen: [address],
  announce: [],
  limits,
  tell: () => undefined,
  onDrain: (ms = 0) => ms,
})
const asked = once(process, 'SIGTERM')
const { addresses } = await relay.start()
process.stdout.write(`ready ${addresses[0]}\n`)
await asked
await relay.stop(0)

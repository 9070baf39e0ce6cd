import { z } from 'zod'
import type { Place } from '../process/place.ts'
import { processUsageSchema } from '../process/usage.ts'
import type { Finding } from '../report/row.ts'

const KIB = 2 ** 10
const PLACES = 1_000
/** What is loaded and made once is there by then. */
const WARM_UP = 100

/** Measures what a place at a relay takes, of ours and of libp2p's: memory that is resident, and processor time. */
export async function places(place: Place): Promise<Finding[]> {
  const ours = await placesAt(place, 'ours')
  const stock = await placesAt(place, 'stock')
  const live = `${ours.live.toFixed(0)} KiB beside ${stock.live.toFixed(0)} in use`
  const lost = ours.lost + stock.lost
  const problem = lost === 0 ? undefined : `${lost} places were lost`
  return [
    { ours: ours.rss, bare: stock.rss, note: live, problem },
    { ours: ours.cpu, bare: stock.cpu, problem },
  ]
}

/** KiB and ms for each of `PLACES`. */
async function placesAt(place: Place, kind: 'ours' | 'stock') {
  const relay = await place.child('relay/relay-process.ts', kind)
  const peers = await place.child('relay/places-process.ts', z.string().parse(relay.greeting))
  const usage = async () => processUsageSchema.parse(await relay.ask({ collect: true }))
  await peers.ask({ count: WARM_UP })
  const before = await usage()
  const held = z.number().parse(await peers.ask({ count: PLACES }))
  const after = await usage()
  await peers.stop()
  const each = (of: 'rss' | 'live' | 'cpu') => (after[of] - before[of]) / PLACES
  return {
    rss: each('rss') / KIB,
    live: each('live') / KIB,
    cpu: each('cpu'),
    lost: WARM_UP + PLACES - held,
  }
}

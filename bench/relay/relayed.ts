import * as z from 'zod'
import { startListener } from '../listener/bootstraps.ts'
import { Contender } from '../load/contender.ts'
import { interleave, median, medianRound } from '../load/interleave.ts'
import type { Load, Measurement } from '../load/load.ts'
import type { Place } from '../process/place.ts'
import type { Finding } from '../report/row.ts'
import { SlowWire } from './slow-wire.ts'

/** A circuit carries a bounded number of bytes: each bootstrap has one of its own, as in life. */
const TEN_CIRCUITS: Load = { connection: 'new', concurrency: 10, count: 150 }
const ONE_CIRCUIT: Load = { connection: 'new', concurrency: 1, count: 20 }
const ROUNDS = 5

/** Milliseconds that a home's uplink takes, one way. A relay stands where it takes none. */
const UPLINK_MS = 20

/** Measures bootstraps through a relay beside direct ones, in turn: their rate, and the bytes that the relay carries. */
export async function relayed(place: Place): Promise<Finding[]> {
  const { contenders, bytes } = await start(place)
  const [through = [], direct = []] = await interleave(contenders, TEN_CIRCUITS, ROUNDS)
  const before = await bytes()
  await contenders[0].measure(TEN_CIRCUITS)
  const each = ((await bytes()) - before) / TEN_CIRCUITS.count
  const rates = through.map(({ rate }, round) => rate / (direct[round]?.rate ?? Number.NaN))
  return [
    {
      ours: medianRound(through).rate,
      bare: medianRound(direct).rate,
      ratio: median(rates),
    },
    { ours: each },
  ]
}

/** Measures how long an invitee waits for its answer if both homes have a slow uplink, through a relay beside direct. */
export async function relayedAnswer(place: Place): Promise<Finding[]> {
  const wires: SlowWire[] = []
  const slow = async (address: string, ms: number): Promise<string> => {
    const port = Number(address.split('/')[4])
    const wire = new SlowWire(port, ms)
    wires.push(wire)
    return address.replace(`/tcp/${port}`, `/tcp/${await wire.start()}`)
  }
  try {
    const { contenders } = await start(place, slow)
    const [through = [], direct = []] = await interleave(contenders, ONE_CIRCUIT, ROUNDS)
    const middle = (rounds: readonly Measurement[]) => median(rounds.map(({ p50 }) => p50))
    return [{ ours: middle(through), bare: middle(direct) }]
  } finally {
    for (const wire of wires) wire.stop()
  }
}

/** One listener with a place at a relay, and an invitee for either way to it. */
async function start(
  place: Place,
  slow: (address: string, ms: number) => Promise<string> = async (address) => address,
) {
  const relay = await place.child('relay/relay-process.ts', 'ours')
  const relayAddress = z.string().parse(relay.greeting)
  const { server, links } = await startListener(place, {
    invitations: [{ role: 'stock' }],
    relays: [await slow(relayAddress, UPLINK_MS)],
  })
  const [link = ''] = links
  const { address } = z.object({ address: z.string() }).parse(await server.ask({ ask: 'where' }))
  const through = `${await slow(relayAddress, UPLINK_MS)}/p2p-circuit`
  const direct = await slow(address, 2 * UPLINK_MS)
  const contender = async (way: string) =>
    new Contender(server, await place.child('listener/light-client.ts', link, '{}', way))
  const bytes = async () =>
    z.object({ bytes: z.number() }).parse(await relay.ask({ collect: false })).bytes
  return { contenders: [await contender(through), await contender(direct)] as const, bytes }
}

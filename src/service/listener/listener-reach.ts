import { addressBeyond } from '../../network/address/addresses.ts'
import type { DialBackClient } from '../../network/dial-back/dial-back-client.ts'
import { type NetworkNode, nodeAddresses, nodeRelays } from '../../network/node/node.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Clock } from '../../session/ports/clock.ts'
import type { ListenerFeed } from '../feed/listener-feed.ts'
import { turnInWords } from '../reach/reach-proofs.ts'
import type { ReachProof } from '../reach/reach-report.ts'
import { ReachWatch, type ReachWatchInit } from '../reach/reach-watch.ts'
import type { ListenerAround } from './listener-around.ts'
import type { ListenerInit } from './listener-init.ts'

/** How long a relay has to dial one address and say what came of it, ms: longer than it tries. */
const OUTSIDE_MS = 12_000

/** The parts that reaching is about, and those that have to say something about it. */
interface ReachParts {
  readonly node: NetworkNode
  readonly clock: Clock
  readonly feed: Pick<ListenerFeed, 'problem'>
  readonly around: Pick<ListenerAround, 'mapped'>
}

/** The part that tries a listener's own addresses, and those beyond its relays, once they have answered or failed; not started. */
export function createReach(
  { proveEveryMs: everyMs }: Pick<ListenerInit, 'proveEveryMs'>,
  { node, clock, feed, around }: ReachParts,
): ReachWatch {
  const asked = new Set<string>()
  const addresses = (): string[] => {
    for (const { relay, state } of nodeRelays(node)) {
      if (state !== 'connecting') asked.add(addressBeyond(relay))
    }
    return [...nodeAddresses(node), ...around.mapped, ...asked]
  }
  return new ReachWatch({
    peerId: node.peerId.toString(),
    clock,
    addresses,
    isMapped: (address) => around.mapped.includes(address),
    onChange: (proof) => {
      if (isNews(node, proof)) feed.problem(turnInWords(proof))
    },
    ...compact({ everyMs, askOutside: outsideAsker(node) }),
  })
}

/** Lets the relays dial what may lead here from anywhere; what that takes is loaded with the first such address. */
function outsideAsker(node: NetworkNode): ReachWatchInit['askOutside'] {
  if (nodeRelays(node).length === 0) return undefined
  let client: Promise<DialBackClient> | undefined
  const open = async (): Promise<DialBackClient> => {
    const { DialBackClient } = await import('../../network/dial-back/dial-back-client.ts')
    const made = new DialBackClient(node)
    await made.start()
    return made
  }
  return async (addresses) => {
    if (addresses.length === 0) return []
    client ??= open()
    const { askOutside } = await import('../../network/dial-back/ask-outside.ts')
    return await askOutside(await client, nodeRelays(node), addresses, OUTSIDE_MS)
  }
}

/** Of a relay that is lost, or there again, the relay's own news tells. */
function isNews(node: NetworkNode, { by, address, problem }: ReachProof): boolean {
  if (by === 'self') return true
  const place = nodeRelays(node).find(({ relay }) => addressBeyond(relay) === address)
  return place?.state === 'reserved' && problem !== undefined
}

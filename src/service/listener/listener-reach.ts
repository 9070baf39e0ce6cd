import { addressBeyond } from '../../network/address/addresses.ts'
import { type NetworkNode, nodeAddresses, nodeRelays } from '../../network/node/node.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { Clock } from '../../session/ports/clock.ts'
import type { ReachProof } from '../reach/reach-report.ts'
import { ReachWatch, turnInWords } from '../reach/reach-watch.ts'

/** The part that tries a listener's own addresses, and those beyond its relays, once they have answered or failed; not started. */
export function createReach(
  node: NetworkNode,
  clock: Clock,
  given: { readonly everyMs?: number | undefined; problem(detail: string): void },
): ReachWatch {
  const asked = new Set<string>()
  const addresses = (): string[] => {
    for (const { relay, state } of nodeRelays(node)) {
      if (state !== 'connecting') asked.add(addressBeyond(relay))
    }
    return [...nodeAddresses(node), ...asked]
  }
  return new ReachWatch({
    peerId: node.peerId.toString(),
    clock,
    addresses,
    onChange: (proof) => {
      if (isNews(node, proof)) given.problem(turnInWords(proof))
    },
    ...compact({ everyMs: given.everyMs }),
  })
}

/** Of a relay that is lost, or there again, the relay's own news tells. */
function isNews(node: NetworkNode, { by, address, problem }: ReachProof): boolean {
  if (by === 'self') return true
  const place = nodeRelays(node).find(({ relay }) => addressBeyond(relay) === address)
  return place?.state === 'reserved' && problem !== undefined
}

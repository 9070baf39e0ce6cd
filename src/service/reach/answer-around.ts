import { classifyAddress } from '../../network/address/addresses.ts'
import { listenedAddresses, type NetworkNode } from '../../network/node/node.ts'

/** How often it is looked whether this computer is on another network now, ms. */
const LOOK_MS = 5_000

/**
 * Lets those on the same network who have a link of this node find it there, for as long as it listens on an address of such
 * a network. What that takes is loaded only then. With each change of address it begins anew: the system may have forgotten
 * that it is to hear multicast.
 */
export class AnswerAround {
  readonly #node: NetworkNode
  readonly #party: string
  readonly #onProblem: (detail: string) => void
  #timer: NodeJS.Timeout | undefined
  #addresses = ''
  #stop: () => void = () => undefined

  /** @param party peer id that is asked for */
  constructor(node: NetworkNode, party: string, onProblem: (detail: string) => void) {
    this.#node = node
    this.#party = party
    this.#onProblem = onProblem
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref()
    void this.#look()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#stop()
  }

  async #look(): Promise<void> {
    const addresses = near(this.#node).join(' ')
    if (addresses === this.#addresses) return
    this.#addresses = addresses
    this.#stop()
    this.#stop = () => undefined
    if (addresses === '') return
    const { answerNeighbours } = await import('../../network/neighbours/answer-neighbours.ts')
    if (this.#timer === undefined || this.#addresses !== addresses) return
    this.#stop = answerNeighbours({
      peer: this.#party,
      ways: () => [...new Set(near(this.#node).map(wayOf))],
      onProblem: (problem) =>
        this.#onProblem(`neighbours can’t ask where it is (mdns): ${problem}`),
    })
  }
}

function near(node: NetworkNode): readonly string[] {
  return listenedAddresses(node).filter((address) => {
    const scope = classifyAddress(address)
    const isNear = scope === 'private' || scope === 'link-local' || scope === 'reserved'
    // Multicast is asked for by IPv4 alone.
    return isNear && address.startsWith('/ip4/')
  })
}

/** The end of a multiaddr after its host. */
function wayOf(address: string): string {
  return `/${address.split('/').slice(3).join('/')}`
}

import { listenedAddresses, type NetworkNode } from '../../network/node/node.ts'
import { watchCertificate } from '../node/certificate-watch.ts'
import type { CertifiedNode } from '../node/certified-node.ts'
import { AnswerAround } from '../reach/answer-around.ts'
import type { RouterPorts } from '../router/router-ports.ts'
import type { RouterState } from '../router/router-state.ts'

/** The choices, and those who hear what comes of them. */
export interface ListenerAroundInit {
  readonly mdns: boolean
  readonly upnp: boolean
  /** Peer id of the party: who has a link asks for it. */
  readonly party: string
  /** This node's certificate is looked after. @default it is the party itself */
  readonly node?: CertifiedNode | undefined
  problem(detail: string): void
  /** The router has mapped ports, or has not. */
  router(state: RouterState): void
}

/** A listener's part in the network around it, if it is to have one: neighbours find it, and the router maps its ports. */
export class ListenerAround {
  readonly #node: NetworkNode
  readonly #init: ListenerAroundInit
  #neighbours: AnswerAround | undefined
  #ports: RouterPorts | undefined
  #unwatch: () => void = () => undefined

  constructor(node: NetworkNode, init: ListenerAroundInit) {
    this.#node = node
    this.#init = init
  }

  /** Loads the code that speaks with routers only if one is asked. */
  async start(): Promise<void> {
    const { mdns, upnp, party, node, problem, router } = this.#init
    if (node !== undefined) this.#unwatch = watchCertificate(node, problem)
    if (mdns) {
      this.#neighbours = new AnswerAround(this.#node, party, problem)
      this.#neighbours.start()
    }
    if (!upnp) return
    const { RouterPorts } = await import('../router/router-ports.ts')
    this.#ports = new RouterPorts({
      listened: () => listenedAddresses(this.#node),
      onChange: router,
    })
    this.#ports.start()
  }

  /** Undefined if the router is not asked. */
  get router(): RouterState | undefined {
    return this.#ports?.state
  }

  /** Multiaddrs that the router passes on to here, by its own word. */
  get mapped(): readonly string[] {
    return this.router?.addresses ?? []
  }

  /** Bounded by the time that the router has. */
  async stop(): Promise<void> {
    this.#unwatch()
    this.#neighbours?.stop()
    await this.#ports?.stop()
  }
}

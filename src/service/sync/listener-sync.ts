import type { NetworkNode } from '../../network/node/node.ts'
import { serveTallySync } from '../../network/node/serve.ts'
import type { Store } from '../../store/transaction/store.ts'
import { listenerAddresses } from '../status/listener-relays.ts'
import { SyncServer } from './sync-server.ts'

/** The parts that a listener lends to its sync. */
export interface ListenerSyncInit {
  readonly store: Store
  readonly node: NetworkNode
  readonly clock: { now(): number }
}

/** The sync of tallies as a part of a listener. */
export class ListenerSync {
  readonly #server: SyncServer
  readonly #node: NetworkNode
  #unserve: (() => Promise<void>) | undefined

  constructor({ store, node, clock }: ListenerSyncInit) {
    this.#node = node
    this.#server = new SyncServer({
      store,
      now: () => clock.now(),
      addresses: () => listenerAddresses(node),
    })
  }

  async start(): Promise<this> {
    this.#unserve = await serveTallySync(this.#node, (transport) => this.#server.accept(transport))
    return this
  }

  async stop(): Promise<void> {
    await this.#unserve?.()
    await this.#server.stop()
  }
}

import { createDialer } from '../../network/dial/dial.ts'
import type { NetworkNode } from '../../network/node/node.ts'
import { serveTallySync } from '../../network/node/serve.ts'
import { TALLY_SYNC } from '../../network/stream/wire-protocol.ts'
import type { Store } from '../../store/transaction/store.ts'
import { listenerAddresses } from '../status/listener-relays.ts'
import { changeSigner } from '../tallies/change-signer.ts'
import { GuardTurns } from './guard-turns.ts'
import { PartnerSeeker } from './partner-seeker.ts'
import { SyncServer } from './sync-server.ts'
import { toldAddresses } from './told-addresses.ts'

/** The parts that a listener lends to its sync. */
export interface ListenerSyncInit {
  readonly store: Store
  readonly node: NetworkNode
  readonly clock: { now(): number }
  /** Multiaddrs of the nodes that this party nominates. */
  cadre(): readonly string[]
  /** The private key's bytes, as in the key file. */
  readonly key: Uint8Array
}

/** The sync of tallies as a part of a listener. */
export class ListenerSync {
  readonly #server: SyncServer
  readonly #seeker: PartnerSeeker
  readonly #node: NetworkNode
  #unserve: (() => Promise<void>) | undefined

  constructor({ store, node, clock, cadre, key }: ListenerSyncInit) {
    this.#node = node
    const addresses = () => toldAddresses(cadre(), listenerAddresses(node))
    const signer = changeSigner(key)
    const ports = { store, now: () => clock.now(), turns: new GuardTurns(), signer }
    this.#server = new SyncServer(ports, addresses)
    const dialer = createDialer(node, {}, undefined, TALLY_SYNC)
    this.#seeker = new PartnerSeeker({ ...ports, dialer }, addresses)
  }

  async start(): Promise<this> {
    this.#unserve = await serveTallySync(this.#node, (transport) => this.#server.accept(transport))
    this.#seeker.start()
    return this
  }

  async stop(): Promise<void> {
    await this.#unserve?.()
    await Promise.all([this.#seeker.stop(), this.#server.stop()])
  }
}

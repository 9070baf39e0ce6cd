import { createDialer } from '../../network/dial/dial.ts'
import type { NetworkNode } from '../../network/node/node.ts'
import { serveTallySync } from '../../network/node/serve.ts'
import { TALLY_SYNC } from '../../network/stream/wire-protocol.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import { listenerAddresses } from '../status/listener-relays.ts'
import { changeSigner } from '../tallies/change-signer.ts'
import { learnCadre } from '../tallies/partner-places.ts'
import { GuardTurns } from './guard-turns.ts'
import { PartnerSeeker } from './partner-seeker.ts'
import type { HearSync } from './sync-news.ts'
import { SyncServer } from './sync-server.ts'
import { isShared } from './sync-state.ts'
import { toldAddresses } from './told-addresses.ts'

/** The parts that a listener lends to its sync. */
export interface ListenerSyncInit {
  readonly store: RecordStore
  readonly node: NetworkNode
  readonly clock: { now(): number }
  /** Multiaddrs of the nodes that this party nominates. */
  cadre(): readonly string[]
  /** The private key's bytes, as in the key file. */
  readonly key: Uint8Array
  /** False: partners are answered only. A node is not known to those whom it would dial. @default true */
  readonly maySeek?: boolean
  /** Hears how each exchange ended. */
  readonly hear?: HearSync
}

/** The sync of tallies as a part of a listener. */
export class ListenerSync {
  readonly #store: RecordStore
  readonly #now: () => number
  readonly #server: SyncServer
  readonly #seeker: PartnerSeeker
  readonly #maySeek: boolean
  readonly #node: NetworkNode
  #unserve: (() => Promise<void>) | undefined

  constructor(init: ListenerSyncInit) {
    const { store, node, clock, cadre, key, maySeek = true, hear = () => undefined } = init
    this.#maySeek = maySeek
    this.#store = store
    this.#node = node
    this.#now = () => clock.now()
    const addresses = () => toldAddresses(cadre(), listenerAddresses(node))
    const ports = { store, now: this.#now, turns: new GuardTurns(), signer: changeSigner(key) }
    this.#server = new SyncServer(ports, addresses, hear)
    const dialer = createDialer(node, {}, undefined, TALLY_SYNC)
    this.#seeker = new PartnerSeeker({ ...ports, dialer, hear }, addresses)
  }

  async start(): Promise<this> {
    this.#unserve = await serveTallySync(this.#node, (transport) => this.#server.accept(transport))
    if (this.#maySeek) this.#seeker.start()
    return this
  }

  /**
   * A tally was made, or its document was set here: its partner is sought now.
   * @returns false if nobody is to be sought: there is no such tally to sync, or it is not known where its partner is
   * @throws StoreError
   */
  async changed(tallyId: string): Promise<boolean> {
    const tally = await this.#store.query(() => tallyRecords.find(tallyId))
    if (tally === undefined || !isShared(tally) || !this.#maySeek) return false
    const { peerId } = tally.partner
    if (!(await learnCadre(this.#store, tally, this.#now()))) return false
    this.#seeker.seekNow(peerId)
    return true
  }

  async stop(): Promise<void> {
    await this.#unserve?.()
    await Promise.all([this.#seeker.stop(), this.#server.stop()])
  }
}

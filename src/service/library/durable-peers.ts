import type { DeniedPeer } from '../../store/peers/denied-peers.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { allowPeer, denyPeer, isDeniedPeer, listDeniedPeers } from '../peers/deny-peer.ts'
import { currentOperator } from '../record/operator.ts'

/** The peers that a host takes nothing from, in the store, where other processes on the same store find them too. */
export class DurablePeers {
  readonly #store: RecordStore

  constructor(store: RecordStore) {
    this.#store = store
  }

  /** For the manager's `isDenied`: one look into the store, each time. @throws StoreError */
  async isDenied(peerId: string): Promise<boolean> {
    return await isDeniedPeer(this.#store, peerId)
  }

  /**
   * Turns a peer away from now on. Its tallies stay, and a session under way ends as it would.
   * @param reason for the audit; the peer is not told
   * @returns `before` if it was denied already, `full` if too many are; then nothing was changed
   * @throws StoreError
   */
  async deny(peerId: string, reason?: string): Promise<'denied' | 'before' | 'full'> {
    return await denyPeer(this.#store, peerId, currentOperator(reason))
  }

  /** Lets a peer in again. Returns false if it was not denied. @throws StoreError */
  async allow(peerId: string, reason?: string): Promise<boolean> {
    return await allowPeer(this.#store, peerId, currentOperator(reason))
  }

  /** Lists the peers that are denied, the latest first. @throws StoreError */
  async list(): Promise<readonly DeniedPeer[]> {
    return await listDeniedPeers(this.#store)
  }
}

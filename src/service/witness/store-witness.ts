import type { OwnCheckpoint, Witness } from '../../session/ports/witness.ts'
import { witnessedRecords } from '../../store/audit/witnessed-records.ts'
import { OwnCheckpoints, type WitnessStore } from './own-checkpoints.ts'

/** Shows other parties what is signed in this party's store. */
export class StoreWitness implements Witness {
  readonly #store: WitnessStore
  readonly #own: OwnCheckpoints

  constructor(store: WitnessStore) {
    this.#store = store
    this.#own = new OwnCheckpoints(store)
  }

  prepare(): Promise<void> {
    return this.#own.prepare()
  }

  own(sizes: readonly number[]): Promise<OwnCheckpoint | undefined> {
    return this.#own.show(sizes)
  }

  sizesOf(peerId: string): Promise<readonly number[]> {
    return this.#store.query(() => witnessedRecords.sizesOf(peerId))
  }
}

import type { OwnCheckpoint, Witness } from '../../session/ports/witness.ts'
import { OwnCheckpoints, type WitnessStore } from './own-checkpoints.ts'

/** Shows other parties what is signed in this party's store. */
export class StoreWitness implements Witness {
  readonly #store: WitnessStore
  readonly #own: OwnCheckpoints

  constructor(store: WitnessStore) {
    this.#store = store
    this.#own = new OwnCheckpoints(store)
  }

  prepare(): void {
    this.#own.prepare()
  }

  own(sizes: readonly number[]): OwnCheckpoint | undefined {
    return this.#own.show(sizes)
  }

  sizesOf(peerId: string): readonly number[] {
    return this.#store.read(({ witnessed }) => witnessed.sizesOf(peerId))
  }
}

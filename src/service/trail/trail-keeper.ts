import type { Store } from '../../store/store.ts'
import { CheckpointKeeper } from './checkpoint-keeper.ts'
import { RefusalKeeper, type Refuser } from './refusal-keeper.ts'
import { trailSigner } from './trail-signer.ts'

export interface TrailKeeperInit {
  readonly store: Store
  /** Where refusals are heard of. */
  readonly sessions: Refuser
  /** The private key's bytes, as in the key file. */
  readonly key: Uint8Array
  /** What is called when something could not be recorded or signed. */
  onFailure(error: unknown): void
}

/** What a listener does for its audit while it runs: sums up refusals, and signs. */
export class TrailKeeper {
  readonly #refusals: RefusalKeeper
  readonly #checkpoints: CheckpointKeeper

  /** @throws IdentityKeyError */
  constructor({ store, sessions, key, onFailure }: TrailKeeperInit) {
    this.#refusals = new RefusalKeeper({ store, sessions, onFailure })
    this.#checkpoints = new CheckpointKeeper({ store, signer: trailSigner(key), onFailure })
  }

  start(): void {
    this.#refusals.start()
    this.#checkpoints.start()
  }

  /** Records what is left, and signs it all. Never rejects. */
  async stop(): Promise<void> {
    await this.#refusals.stop()
    await this.#checkpoints.stop()
  }
}

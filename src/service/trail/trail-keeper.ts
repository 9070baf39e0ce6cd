import type { SessionStore } from '../../session/ports/store.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { CheckpointKeeper } from './checkpoint-keeper.ts'
import { RefusalKeeper, type Refuser } from './refusal-keeper.ts'
import { RetentionKeeper } from './retention-keeper.ts'
import { trailSigner } from './trail-signer.ts'

export interface TrailKeeperInit {
  readonly store: RecordStore & Pick<SessionStore, 'submit'>
  /** The events of refusals. */
  readonly sessions: Refuser
  /** The private key's bytes, as in the key file. */
  readonly key: Uint8Array
  /** How far back records stay, ms; asked anew each time. 0: for ever. */
  retentionMs(): number
  /** Called when the audit was found not to be as it was written, from this record on. */
  onBroken(seq: number): void
  /** Called when something could not be recorded or signed. */
  onFailure(error: unknown): void
}

/** Looks after a running listener's audit: sums up refusals, signs, and removes what is too old. */
export class TrailKeeper {
  readonly #refusals: RefusalKeeper
  readonly #checkpoints: CheckpointKeeper
  readonly #retention: RetentionKeeper

  /** @throws IdentityKeyError */
  constructor({ store, sessions, key, retentionMs, onBroken, onFailure }: TrailKeeperInit) {
    const signer = trailSigner(key)
    const told = { onBroken, onFailure }
    this.#refusals = new RefusalKeeper({ store, sessions, onFailure })
    this.#checkpoints = new CheckpointKeeper({ store, signer, ...told })
    this.#retention = new RetentionKeeper({ store, signer, keepMs: retentionMs, ...told })
  }

  start(): void {
    this.#refusals.start()
    this.#checkpoints.start()
    this.#retention.start()
  }

  /** The settings have changed. */
  look(): void {
    this.#retention.look()
  }

  /** Records what is left, and signs it all. Never rejects. */
  async stop(): Promise<void> {
    await this.#retention.stop()
    await this.#refusals.stop()
    await this.#checkpoints.stop()
  }
}

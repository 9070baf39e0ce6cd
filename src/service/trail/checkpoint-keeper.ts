import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Store } from '../../store/transaction/store.ts'
import { alarmBroken } from './alarm-broken.ts'
import { takeCheckpoint } from './take-checkpoint.ts'

/** Sign when so many records have come: 1,000 are folded into the tree in a few milliseconds. */
const CHECKPOINT_RECORDS = 1_000

/**
 * Sign what has come at the latest after so long, ms: that long who has no key may rewrite it unseen, and that soon a
 * partner who comes again takes the proof of it along. One costs some milliseconds.
 */
const CHECKPOINT_INTERVAL_MS = 5_000

/** How often is looked at how far the audit has grown, ms. */
const CHECKPOINT_LOOK_MS = 1_000

export interface CheckpointKeeperInit {
  readonly store: Store
  readonly signer: NoteSigner
  /** Called when the audit was found broken at this record, before that is recorded. */
  onBroken(seq: number): void
  /** Called when no checkpoint could be taken; the next look tries again. */
  onFailure(error: unknown): void
}

/**
 * Signs the audit at the start, every so many records or seconds while it grows, and at the end. If somebody has
 * changed it meanwhile, an alarm is the last thing that is recorded about it, and nothing is signed any more: service
 * goes on.
 */
export class CheckpointKeeper {
  readonly #init: CheckpointKeeperInit
  #timer: NodeJS.Timeout | undefined
  #signed = 0
  #since = 0
  #taking: Promise<void> | undefined
  #isBroken = false

  constructor(init: CheckpointKeeperInit) {
    this.#init = init
  }

  start(): void {
    this.#signed = this.#init.store.read(({ checkpoints }) => checkpoints.latest()?.size ?? 0)
    this.#timer = setInterval(() => this.#look(), CHECKPOINT_LOOK_MS)
    // What others left unsigned is signed at once: there is something to show to the first partner. And what is signed is
    // looked at, so that a trail that was changed meanwhile is not first found when it grows.
    if (this.#init.store.read(({ audit }) => audit.lastSeq()) > 0) this.#begin()
  }

  /** Signs what there is. Idempotent; does nothing if it was not started. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#taking
    await this.#take()
  }

  #look(): void {
    if (this.#taking !== undefined || this.#isBroken || !this.#isDue()) return
    this.#begin()
  }

  #begin(): void {
    this.#taking = this.#take().finally(() => {
      this.#taking = undefined
    })
  }

  #isDue(): boolean {
    try {
      const fresh = this.#init.store.read(({ audit }) => audit.lastSeq()) - this.#signed
      const waited = performance.now() - this.#since
      return fresh >= CHECKPOINT_RECORDS || (fresh > 0 && waited >= CHECKPOINT_INTERVAL_MS)
    } catch (error) {
      this.#init.onFailure(error)
      return false
    }
  }

  /** Never rejects. */
  async #take(): Promise<void> {
    const { store, signer, onBroken, onFailure } = this.#init
    if (this.#isBroken) return
    this.#since = performance.now()
    try {
      this.#signed = (await takeCheckpoint(store, signer)).size
    } catch (error) {
      if (!(error instanceof TrailBrokenError)) onFailure(error)
      else {
        this.#isBroken = true
        onBroken(error.seq)
        await alarmBroken(store, error.seq, onFailure)
      }
    }
  }
}

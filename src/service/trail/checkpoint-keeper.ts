import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { auditRecords } from '../../store/audit/audit-records.ts'
import { checkpointRecords } from '../../store/audit/checkpoint-records.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
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
  readonly store: RecordStore
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
    this.#timer = setInterval(() => this.#look(() => this.#isDue()), CHECKPOINT_LOOK_MS)
    this.#look(() => this.#isBegun())
  }

  /** Signs what there is. Idempotent; does nothing if it was not started. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#taking
    await this.#take()
  }

  /** Signs if it has to be now; one look at a time. */
  #look(mustSign: () => Promise<boolean>): void {
    if (this.#isBroken) return
    this.#taking ??= this.#takeIf(mustSign).finally(() => {
      this.#taking = undefined
    })
  }

  /** Never rejects. */
  async #takeIf(mustSign: () => Promise<boolean>): Promise<void> {
    const mustTake = await mustSign().catch((error: unknown) => {
      this.#init.onFailure(error)
      return false
    })
    if (mustTake) await this.#take()
  }

  /**
   * True if anything is there: records that others left unsigned are signed at once, so that there is something to show to
   * the first partner, and what is signed is looked at, so that a trail that was changed meanwhile is not first found when
   * it grows.
   */
  async #isBegun(): Promise<boolean> {
    const { signed, last } = await this.#init.store.query(sizes)
    this.#signed = signed
    return last > 0
  }

  async #isDue(): Promise<boolean> {
    const fresh = (await this.#init.store.query(auditRecords.lastSeq)) - this.#signed
    const waited = performance.now() - this.#since
    return fresh >= CHECKPOINT_RECORDS || (fresh > 0 && waited >= CHECKPOINT_INTERVAL_MS)
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

/** How many records are signed, and how many there are. */
function* sizes(): Query<{ readonly signed: number; readonly last: number }> {
  const latest = yield* checkpointRecords.latest()
  return { signed: latest?.size ?? 0, last: yield* auditRecords.lastSeq() }
}

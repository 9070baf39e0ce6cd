import { setTimeout as sleep } from 'node:timers/promises'
import type { NoteSigner } from '../../audit/checkpoint/note-key.ts'
import { TrailBrokenError } from '../../store/errors.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { alarmBroken } from './alarm-broken.ts'
import { retainSlice } from './retain-trail.ts'

/** The first look, ms: a listener has other things to do when it starts. */
const FIRST_LOOK_MS = 60_000

/** How often is looked for what has become too old, ms: retention is a matter of days. */
const LOOK_MS = 3_600_000

/** Between two slices, ms: sessions come first, and 4,096 records each time are more than any listener writes. */
const PAUSE_MS = 500

export interface RetentionKeeperInit {
  readonly store: RecordStore
  readonly signer: NoteSigner
  /** How far back records stay, ms; asked anew each time. 0: for ever. */
  keepMs(): number
  /** Called when the audit was found broken at this record, before that is recorded. */
  onBroken(seq: number): void
  /** Called when nothing could be removed; the next look tries again. */
  onFailure(error: unknown): void
}

/** Removes records that are older than the owner wants to keep them, a little at a time, while a listener runs. */
export class RetentionKeeper {
  readonly #init: RetentionKeeperInit
  readonly #end = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #underWay: Promise<void> | undefined
  /** Wall and monotonic clock at the start: a clock that is set ahead meanwhile makes nothing older. */
  #lead = 0
  #isBroken = false

  constructor(init: RetentionKeeperInit) {
    this.#init = init
  }

  start(): void {
    this.#lead = Date.now() - performance.now()
    this.#arm(FIRST_LOOK_MS)
  }

  /** Looks now: the setting may have changed. Nothing happens before `start`, or after `stop`. */
  look(): void {
    if (this.#timer === undefined || this.#isBroken) return
    this.#underWay ??= this.#removeOld().finally(() => {
      this.#underWay = undefined
    })
  }

  /** Resolves when nothing is under way. Idempotent. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#end.abort()
    await this.#underWay
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#arm(LOOK_MS)
      this.look()
    }, ms)
  }

  /** Never rejects. */
  async #removeOld(): Promise<void> {
    const { store, signer, keepMs, onBroken, onFailure } = this.#init
    const { signal } = this.#end
    try {
      while (!signal.aborted && keepMs() > 0) {
        const before = Math.min(Date.now(), this.#lead + performance.now()) - keepMs()
        const slice = await retainSlice(store, signer, { before, keepMs: keepMs() })
        if (slice === undefined) return
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined)
      }
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

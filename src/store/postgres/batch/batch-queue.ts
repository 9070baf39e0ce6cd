import pg from 'pg'
import { type CommitPace, MAX_GATHER_MS } from '../../commit/commit-pace.ts'
import { NodeSupersededError, RowInvalidError, StoreHistoryLostError } from '../../errors.ts'
import { isConnectionLost, isUndoneForOthers, storeFailure } from '../connection/store-failure.ts'
import type { BatchItem } from './batch-item.ts'
import { type BatchPlace, BatchRunner, NotCommitted } from './batch-runner.ts'
import { QuestionLane } from './question-lane.ts'

/** Items of one batch: some MiB of rows at most, and a second of the server's time. */
const MAX_BATCH = 500

/** How often a batch is run again: others are in the way for one transaction, seldom for two. */
const MAX_REPLAYS = 5

/** A connection that breaks within so many ms was one that stood idle while the server was away: another one may do. */
const STALE_MS = 1_000

/**
 * SQLSTATEs after which a batch is run again, on what is there by then: unique_violation and foreign_key_violation (another
 * node was first), a promised tally that somebody has kept, statements that have to be prepared anew, and a process that stood
 * still for so long that the server gave its transaction up.
 */
const AGAIN: ReadonlySet<string> = new Set([
  ...['23505', '23503', 'TL001', '26000', '0A000', '25P03'],
])

/** Gathers works while a batch is under way, and runs one batch after another. Questions go beside them. */
export class BatchQueue {
  readonly #at: BatchPlace
  readonly #pace: CommitPace
  readonly #runner: BatchRunner
  readonly #questions: QuestionLane
  readonly #waiting: BatchItem[] = []
  /** Works so far. */
  #added = 0
  #settled = 0
  #isBusy = false
  #since: number | undefined
  #commits = 0
  /** Set once nothing may be written any more until the store is opened again. */
  #broken: unknown
  #idle: PromiseWithResolvers<void> | undefined
  onCommitted: ((size: number, ms: number) => void) | undefined

  constructor(at: BatchPlace, pace: CommitPace) {
    this.#at = at
    this.#pace = pace
    this.#runner = new BatchRunner(at)
    this.#questions = new QuestionLane(pace, (items) => this.#settle(items.filter(isAble)))
    this.#questions.onIdle = () => this.#rest()
  }

  get commits(): number {
    return this.#commits
  }

  get oldestMs(): number {
    return this.#since === undefined ? 0 : this.#pace.monotonic() - this.#since
  }

  add(item: BatchItem): void {
    if (item.kind === 'question') return this.#questions.add(item, this.#added)
    this.#added += 1
    this.#waiting.push(item)
    if (this.#isBusy) return
    this.#isBusy = true
    this.#gather(this.#pace.monotonic(), this.#waiting.length)
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (!this.#isBusy && this.#questions.isIdle) return
    this.#idle ??= Promise.withResolvers<void>()
    await this.#idle.promise
  }

  /** Waits for a whole turn of the event loop that brings no more. */
  #gather(since: number, seen: number): void {
    this.#pace.later(() => {
      const isQuiet = this.#waiting.length <= seen
      if (isQuiet || this.#pace.monotonic() - since >= MAX_GATHER_MS) void this.#next()
      else this.#gather(since, this.#waiting.length)
    })
  }

  async #next(): Promise<void> {
    const items = nextBatch(this.#waiting)
    this.#since = this.#pace.monotonic()
    await this.#settle(items.filter(isAble))
    this.#since = undefined
    this.#settled += items.length
    this.#questions.settled(this.#settled)
    if (this.#waiting.length > 0) {
      // Who waited goes on first, so that what it writes next joins the next batch.
      this.#pace.later(() => void this.#next())
      return
    }
    this.#isBusy = false
    this.#rest()
  }

  #rest(): void {
    if (this.#isBusy || !this.#questions.isIdle) return
    this.#idle?.resolve()
    this.#idle = undefined
  }

  /** Runs a batch until it is settled, whatever comes of it. */
  async #settle(items: readonly BatchItem[]): Promise<void> {
    if (items.length === 0) return
    const promised = new Set<string>()
    for (let replays = 0; ; replays += 1) {
      const since = this.#pace.monotonic()
      try {
        if (this.#broken !== undefined) throw this.#broken
        return await this.#run(items, promised)
      } catch (error) {
        const wasQuick = this.#pace.monotonic() - since < STALE_MS
        if (mayRunAgain(error, replays, wasQuick)) continue
        if (items.length === 1 || !isOfOne(error)) return this.#fail(items, error)
      }
      // What is wrong with one of them is no fault of the others.
      for (const each of items) await this.#settle([each])
      return
    }
  }

  async #run(items: readonly BatchItem[], promised: Set<string>): Promise<void> {
    if (items[0]?.kind === 'question') return this.#runner.ask(items)
    const since = this.#pace.monotonic()
    await this.#runner.write(items, promised)
    this.#commits += 1
    this.onCommitted?.(items.length, this.#pace.monotonic() - since)
  }

  #fail(items: readonly BatchItem[], error: unknown): void {
    const failure = storeFailure(
      error instanceof NotCommitted ? error.cause : error,
      this.#at.place,
    )
    if (isFinal(failure)) this.#broken = failure
    for (const each of items) each.fail(failure)
  }
}

/** Takes works that go together. A search goes alone: it looks through all that is loaded, of which it must know all it asks. */
function nextBatch(waiting: BatchItem[]): readonly BatchItem[] {
  const search = waiting.findIndex(({ isSearch }) => isSearch)
  const count = search < 0 ? waiting.length : Math.max(1, search)
  return waiting.splice(0, Math.min(count, MAX_BATCH))
}

/** False of an item that is none, which then has failed. */
function isAble(item: BatchItem): boolean {
  if (item.problem === undefined) return true
  item.fail(item.problem)
  return false
}

function mayRunAgain(error: unknown, replays: number, wasQuick: boolean): boolean {
  if (replays >= MAX_REPLAYS) return false
  if (error instanceof NotCommitted || isUndoneForOthers(error)) return true
  if (error instanceof pg.DatabaseError && AGAIN.has(error.code ?? '')) return true
  // Nothing was told to commit: that would be a NotCommitted.
  return isConnectionLost(error) && wasQuick && replays === 0
}

/** True if the failure may be one item's: of class 22 and 23 are values and constraints. */
function isOfOne(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^2[23]/.test(error.code ?? '')
  return error instanceof RowInvalidError || error instanceof TypeError
}

/**
 * True if nothing may be written any more. Of a batch that nobody knows the end of (StoreStalledError) the next one finds out: it
 * waits for the same rows, and reads all it rests on anew.
 */
function isFinal(failure: unknown): boolean {
  return failure instanceof StoreHistoryLostError || failure instanceof NodeSupersededError
}

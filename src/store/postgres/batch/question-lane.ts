import type { CommitPace } from '../../commit/commit-pace.ts'
import type { BatchItem } from './batch-item.ts'

/** Questions that are asked together. */
const MAX_TOGETHER = 500

interface Waiting {
  readonly item: BatchItem
  /** How many works came before it: it has to see them. */
  readonly after: number
}

/** Questions, asked on a connection of their own while batches go on: each as soon as the works before it are settled. */
export class QuestionLane {
  readonly #pace: CommitPace
  readonly #ask: (items: readonly BatchItem[]) => Promise<void>
  readonly #waiting: Waiting[] = []
  #settled = 0
  #isBusy = false
  onIdle: (() => void) | undefined

  /** @param ask settles each, and never rejects */
  constructor(pace: CommitPace, ask: (items: readonly BatchItem[]) => Promise<void>) {
    this.#pace = pace
    this.#ask = ask
  }

  get isIdle(): boolean {
    return !this.#isBusy && this.#waiting.length === 0
  }

  add(item: BatchItem, after: number): void {
    this.#waiting.push({ item, after })
    this.#look()
  }

  /** Hears that so many works are settled. */
  settled(count: number): void {
    this.#settled = count
    this.#look()
  }

  #look(): void {
    const first = this.#waiting[0]
    if (this.#isBusy || first === undefined || first.after > this.#settled) return
    this.#isBusy = true
    this.#pace.later(() => void this.#next())
  }

  async #next(): Promise<void> {
    await this.#ask(this.#due())
    this.#isBusy = false
    this.#look()
    if (this.isIdle) this.onIdle?.()
  }

  /** A search goes alone: it looks through all that is loaded, of which it must know all it asks. */
  #due(): readonly BatchItem[] {
    const other = this.#waiting.findIndex(
      ({ item, after }) => item.isSearch || after > this.#settled,
    )
    const count = other < 0 ? this.#waiting.length : Math.max(1, other)
    return this.#waiting.splice(0, Math.min(count, MAX_TOGETHER)).map(({ item }) => item)
  }
}

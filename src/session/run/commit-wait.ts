import type { Clock, Timer } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Submitted } from '../ports/work.ts'

/** How long a session whose deadline has come may wait for a commit that is under way, ms: a slow disk takes that long. */
const OVERDUE_COMMIT_MS = 1_000

/** A session's writes on their way to the disk, and how long it may wait for them once it has nothing else to do. */
export class CommitWait {
  readonly #clock: Clock
  readonly #patienceMs: number
  readonly #giveUp: () => void
  readonly #underWay = new Set<Promise<unknown>>()
  #timer: Timer | undefined
  #isOverdue = false

  /**
   * @param patienceMs how long a session that has ended waits for the disk
   * @param giveUp called once if that was too short
   */
  constructor(clock: Clock, patienceMs: number, giveUp: () => void) {
    this.#clock = clock
    this.#patienceMs = patienceMs
    this.#giveUp = giveUp
  }

  /** Something of what the session wrote is not on the disk yet. */
  get isOpen(): boolean {
    return this.#underWay.size > 0
  }

  /** Resolves when all that is under way now is on the disk; rejects if something of it is lost. */
  async over(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  /** The store, each of whose writes is noted. */
  watched(store: SessionStore): SessionStore {
    return {
      lookups: store.lookups,
      submit: (...all) => {
        const submitted = store.submit(...all)
        this.#add(submitted)
        return submitted
      },
      rehearse: (work) => store.rehearse(work),
    }
  }

  #add({ outcome, durable }: Submitted): void {
    const both = Promise.all([outcome, durable])
    this.#underWay.add(both)
    const settled = (): void => {
      this.#underWay.delete(both)
      if (!this.isOpen) this.clear()
    }
    both.then(settled, settled)
  }

  /** A deadline has come: the disk may hold its consequences up, but not for long. */
  overdue(): void {
    this.#isOverdue = true
    if (this.isOpen) this.limit()
  }

  /** From now on the session only waits for the disk. Of two calls the first counts. */
  limit(): void {
    if (this.#timer !== undefined) return
    const ms = this.#isOverdue ? Math.min(this.#patienceMs, OVERDUE_COMMIT_MS) : this.#patienceMs
    // A process that was stopped finds its timers due before it hears of the disk: so it takes two, one after the other.
    const first = this.#clock.after(ms / 2, () => {
      void Promise.resolve().then(() => {
        if (this.#timer === first) this.#timer = this.#clock.after(ms / 2, this.#giveUp)
      })
    })
    this.#timer = first
  }

  /** Nobody waits any more. */
  clear(): void {
    this.#timer?.clear()
    this.#timer = undefined
  }
}

import type { Clock, Timer } from '../ports/clock.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../ports/work.ts'

/** How long a session whose deadline has come may wait for a commit that is under way, ms: a slow disk takes that long. */
const OVERDUE_COMMIT_MS = 1_000

interface Waiting {
  /** Called once if the disk took too long. */
  giveUp(): void
}

/** The store as one session writes to it, and how long the session may wait for the disk once it has nothing else to do. */
export class AwaitedStore implements SessionStore {
  readonly #store: SessionStore
  readonly #clock: Clock
  readonly #patienceMs: number
  readonly #session: Waiting
  /** Writes on their way to the disk; undefined if there are none. */
  #underWay: Set<Promise<void>> | undefined
  #timer: Timer | undefined
  #isOverdue = false

  /** @param patienceMs how long a session that has ended waits for the disk */
  constructor(
    { store, clock }: { readonly store: SessionStore; readonly clock: Clock },
    patienceMs: number,
    session: Waiting,
  ) {
    this.#store = store
    this.#clock = clock
    this.#patienceMs = patienceMs
    this.#session = session
  }

  get lookups(): StoreLookups {
    return this.#store.lookups
  }

  submit(work: Work, urgency?: Urgency): Submitted {
    const submitted = this.#store.submit(work, urgency)
    this.#add(submitted)
    return submitted
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.#store.rehearse(work)
  }

  /** Something of what the session wrote is not on the disk yet. */
  get isOpen(): boolean {
    return this.#underWay !== undefined
  }

  /** Resolves when all that is under way now is on the disk; rejects if something of it is lost. */
  async over(): Promise<void> {
    await Promise.all(this.#underWay ?? [])
  }

  #add({ durable }: Submitted): void {
    this.#underWay ??= new Set()
    this.#underWay.add(durable)
    const settled = (): void => this.#settled(durable)
    durable.then(settled, settled)
  }

  #settled(durable: Promise<void>): void {
    this.#underWay?.delete(durable)
    if (this.#underWay?.size !== 0) return
    this.#underWay = undefined
    this.clear()
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
        if (this.#timer !== first) return
        this.#timer = this.#clock.after(ms / 2, () => this.#session.giveUp())
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

import type { StoreLookups } from '../../../src/session/ports/lookups.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../../../src/session/ports/work.ts'
import type { Chaos } from '../chaos.ts'
import { type Life, never } from './life.ts'
import type { Random } from './random.ts'
import type { NodeDisk } from './server/node-disk.ts'

/** As long as a store may be busy with something else, ms. */
const BUSY_MS = 300

/** As long as work may wait for other work, ms. */
const PATIENCE_MS = 40

/**
 * The real store as one process has it: on a disk that may fail, in a process that may die. It answers when it gets to
 * it, in the order in which it was asked.
 */
export class SimulatedStore implements SessionStore {
  readonly lookups: StoreLookups
  readonly #store: SessionStore
  readonly #disk: NodeDisk
  readonly #life: Life
  readonly #chaos: Chaos
  readonly #random: Random
  /** When the newest answer arrives, virtual ms. */
  #answersAt = 0
  /** Work that waits for other work. */
  #waiting: (() => void)[] = []

  constructor(store: SessionStore, disk: NodeDisk, life: Life, chaos: Chaos, random: Random) {
    this.#store = store
    this.#disk = disk
    this.#life = life
    this.#chaos = chaos
    this.#random = random
    this.lookups = lookupsBy(store.lookups, (question) => this.#ask('a question', question))
  }

  submit(work: Work, urgency: Urgency = 'now'): Submitted {
    if (urgency === 'now') return this.#now(work)
    const outcome = Promise.withResolvers<WorkOutcome>()
    const durable = Promise.withResolvers<void>()
    this.#waiting.push(() => {
      const submitted = this.#apply(work)
      outcome.resolve(submitted.outcome)
      durable.resolve(submitted.durable)
    })
    this.#life.after(this.#random.between(0, PATIENCE_MS), () => this.#waitNoMore())
    return quiet({ outcome: outcome.promise, durable: durable.promise })
  }

  #now(work: Work): Submitted {
    this.#waitNoMore()
    return this.#apply(work)
  }

  #waitNoMore(): void {
    for (const apply of this.#waiting.splice(0)) apply()
  }

  #apply(work: Work): Submitted {
    if (!this.#life.survives('before a piece of work')) return NEVER
    this.#disk.yieldTo(this.#life)
    const { outcome, durable } = this.#submit(work)
    if (!this.#life.survives('after a piece of work')) return NEVER
    const known = this.#heard(outcome)
    return quiet({ outcome: known, durable: this.#durable(known, durable) })
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.#ask('a rehearsal', () => {
      this.#disk.yieldTo(this.#life)
      return this.#store.rehearse(work)
    })
  }

  #submit(work: Work): Submitted {
    const fate = this.#chaos.work()
    if (fate === 'well') return this.#store.submit(work)
    return this.#disk.failing(fate, () => this.#store.submit(work))
  }

  #ask<Found>(what: string, question: () => Promise<Found>): Promise<Found> {
    this.#waitNoMore()
    if (!this.#life.survives(`before ${what}`)) return never()
    const found = question()
    if (!this.#life.survives(`after ${what}`)) return never()
    return this.#heard(found)
  }

  /** Whoever is dead hears nothing. */
  async #heard<Found>(found: Promise<Found>): Promise<Found> {
    const [known] = await Promise.allSettled([found, this.#turn()])
    if (!this.#life.alive) return never()
    if (known.status === 'rejected') throw known.reason
    return known.value
  }

  async #durable(outcome: Promise<WorkOutcome>, durable: Promise<void>): Promise<void> {
    const [, known] = await Promise.allSettled([outcome, durable])
    if (!this.#life.alive) return never()
    if (known.status === 'rejected') throw known.reason
  }

  /** Resolves when the next answer may come. */
  async #turn(): Promise<void> {
    const { now } = this.#life.timeline
    this.#answersAt = Math.max(this.#answersAt, now + this.#delayMs())
    if (this.#answersAt > now) await this.#life.sleep(this.#answersAt - now)
  }

  #delayMs(): number {
    if (this.#random.chance(0.5)) return 0
    return this.#random.between(0, this.#random.chance(0.02) ? BUSY_MS : 1)
  }
}

const NEVER: Submitted = { outcome: never(), durable: never() }

/** Whoever does not wait for it must not turn it into an unhandled rejection. */
function quiet(submitted: Submitted): Submitted {
  submitted.outcome.catch(() => undefined)
  submitted.durable.catch(() => undefined)
  return submitted
}

/** The same lookups, each of which is `asked`. */
function lookupsBy(
  lookups: StoreLookups,
  asked: (question: () => Promise<unknown>) => Promise<unknown>,
): StoreLookups {
  const subjects = Object.entries(lookups).map(([name, subject]: [string, object]) => {
    const questions = Object.entries(subject).map(([key, question]) => {
      return [key, (...given: unknown[]) => asked(() => Reflect.apply(question, subject, given))]
    })
    return [name, Object.fromEntries(questions)]
  })
  return Object.fromEntries(subjects)
}

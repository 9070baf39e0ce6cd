import type { StoreLookups } from '../../src/session/ports/lookups.ts'
import type { SessionStore } from '../../src/session/ports/store.ts'
import type { Submitted, Urgency, Work, WorkOutcome } from '../../src/session/ports/work.ts'
import type { LossReason, Write } from '../../src/session/ports/write.ts'

/** The disk is broken. */
export class DiskError extends Error {
  override readonly name = 'DiskError'
}

/** A store that passes everything on to another one. */
export class ForwardingStore implements SessionStore {
  protected readonly own: SessionStore

  constructor(own: SessionStore) {
    this.own = own
  }

  get lookups(): StoreLookups {
    return this.own.lookups
  }

  submit(work: Work, urgency?: Urgency): Submitted {
    return this.own.submit(work, urgency)
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.own.rehearse(work)
  }
}

/** A store that fails to take a piece of work. */
export function failed(error: unknown): Submitted {
  const outcome = Promise.reject(error)
  outcome.catch(() => undefined)
  return { outcome, durable: outcome }
}

/** The store; `hear` is told of each piece of work before it is submitted. */
export function watched(own: SessionStore, hear: (work: Work) => void): SessionStore {
  return new (class extends ForwardingStore {
    override submit(work: Work): Submitted {
      hear(work)
      return super.submit(work)
    }
  })(own)
}

/** `fails`: nothing is applied. `is lost`: it is, and never reaches the disk. */
export type Breakage = 'fails' | 'is lost'

/** A store whose nth piece of work fails, and perhaps all after it. Counts from 1. */
export class BreakingStore extends ForwardingStore {
  calls = 0
  /** The call that fails; none if 0. */
  failAt = 0
  forGood = false
  how: Breakage = 'fails'
  /** True once a call failed that was to write something. */
  lostWrites = false
  onFailure: () => void = () => undefined

  override submit(work: Work): Submitted {
    this.calls += 1
    const fails =
      this.failAt > 0 && (this.forGood ? this.calls >= this.failAt : this.calls === this.failAt)
    if (!fails) return super.submit(work)
    this.onFailure()
    if (this.how === 'fails') return failed(new DiskError('the disk is broken'))
    this.lostWrites ||= work.length > 0
    const { durable } = failed(new DiskError('the batch was lost'))
    return { outcome: this.own.rehearse(work), durable }
  }
}

/** Passes so many turns of the event loop. */
async function pass(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

/** A store whose writes take a few turns of the event loop to become durable. */
export class SlowStore extends ForwardingStore {
  /** Pieces of work that are not durable yet. */
  pending = 0
  /** Pieces of work so far that write something. */
  writes = 0
  readonly #turns: number

  constructor(own: SessionStore, turns: number) {
    super(own)
    this.#turns = turns
  }

  override submit(work: Work): Submitted {
    const { outcome, durable } = super.submit(work)
    if (work.length === 0) return { outcome, durable }
    this.writes += 1
    this.pending += 1
    return { outcome, durable: this.#later(durable) }
  }

  async #later(durable: Promise<void>): Promise<void> {
    await durable
    await pass(this.#turns)
    this.pending -= 1
  }
}

/** A store that answers a few turns of the event loop late, as one in another thread does: work, and questions. */
export class LateStore extends ForwardingStore {
  readonly #turns: number

  constructor(own: SessionStore, turns: number) {
    super(own)
    this.#turns = turns
  }

  override get lookups(): StoreLookups {
    return late(super.lookups, this.#turns)
  }

  override submit(work: Work): Submitted {
    const { outcome, durable } = super.submit(work)
    return { outcome: this.#later(outcome), durable: this.#later(durable) }
  }

  override rehearse(work: Work): Promise<WorkOutcome> {
    return this.#later(super.rehearse(work))
  }

  #later<Known>(answer: Promise<Known>): Promise<Known> {
    const known = answered(answer, this.#turns)
    known.catch(() => undefined)
    return known
  }
}

async function answered<Known>(answer: Promise<Known>, turns: number): Promise<Known> {
  await pass(turns)
  return await answer
}

/** The lookups, each of whose answers comes late. */
function late(lookups: StoreLookups, turns: number): StoreLookups {
  return new Proxy(lookups, {
    get: (all, subject: keyof StoreLookups) =>
      new Proxy(all[subject], {
        get: (questions, name) => {
          const question: unknown = Reflect.get(questions, name)
          if (typeof question !== 'function') return question
          return (...asked: readonly unknown[]) =>
            answered(Reflect.apply(question, questions, asked), turns)
        },
      }),
  })
}

/** A store whose disk answers no more from the nth piece of work on, until it does again. */
export class StandingStore extends ForwardingStore {
  calls = 0
  /** The call from which on nothing is answered; none if 0. Counts from 1. */
  standAt = 0
  /** Not only the disk stands: what has become of a piece of work is not known either. */
  isSilent = false
  #answer = Promise.withResolvers<void>()

  override submit(work: Work): Submitted {
    this.calls += 1
    const { outcome, durable } = super.submit(work)
    const stands = this.standAt > 0 && this.calls >= this.standAt
    if (!stands) return { outcome, durable }
    const { promise } = this.#answer
    return {
      outcome: this.isSilent ? promise.then(() => outcome) : outcome,
      durable: durable.then(() => promise),
    }
  }

  /** The disk answers again: to all that waits, and to what comes. */
  answer(): void {
    this.standAt = 0
    this.#answer.resolve()
    this.#answer = Promise.withResolvers<void>()
  }
}

/** A store that loses the first piece of work with that kind of write, as if somebody had been faster. */
export class LosingStore extends ForwardingStore {
  /** Such a piece of work was lost. */
  hasLost = false
  readonly #op: Write['op']
  readonly #why: LossReason

  constructor(own: SessionStore, op: Write['op'], why: LossReason) {
    super(own)
    this.#op = op
    this.#why = why
  }

  override submit(work: Work, urgency?: Urgency): Submitted {
    const at = work.findIndex(({ op }) => op === this.#op)
    if (this.hasLost || at === -1) return super.submit(work, urgency)
    this.hasLost = true
    const lost = { kind: 'lost', at, why: this.#why } as const
    return { outcome: Promise.resolve(lost), durable: Promise.resolve() }
  }
}

/** A store in which the first completed session's end stays on its way to the disk until it `arrives`. */
export class HeldEndStore extends ForwardingStore {
  readonly arrives = Promise.withResolvers<void>()
  /** That end was written. */
  isHeld = false
  /** Nothing can be written. */
  isFull = false
  readonly #fillsUp: boolean

  /** @param fillsUp takes nothing more once that end is written */
  constructor(own: SessionStore, { fillsUp = false } = {}) {
    super(own)
    this.#fillsUp = fillsUp
    this.arrives.promise.catch(() => undefined)
  }

  override submit(work: Work): Submitted {
    if (this.isFull) return failed(new DiskError('no room'))
    const { outcome, durable } = super.submit(work)
    if (this.isHeld || !isEnd(work)) return { outcome, durable }
    this.isHeld = true
    this.isFull = this.#fillsUp
    return { outcome, durable: durable.then(() => this.arrives.promise) }
  }
}

function isEnd(work: Work): boolean {
  return work.some((write) => write.op === 'saveSession' && write.summary.state === 'COMPLETED')
}

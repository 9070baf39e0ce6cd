import { compact } from '../../protocol/base/compact.ts'
import type { Clock } from '../ports/clock.ts'
import type {
  Exchange,
  JournalEntry,
  SessionSummary,
  Side,
  StepTime,
} from '../ports/session-summary.ts'
import type { TrailWrite } from '../ports/write.ts'
import { journalText } from './journal-text.ts'
import type { SessionFacts } from './session-machine.ts'

/** One for all: most of the time a session has nothing that is not written. */
const NOTHING: readonly JournalEntry[] = []

/** The record that the store keeps of one session: its summary, and the journal with what was not written yet. */
export class SessionRecord {
  readonly #side: Side
  readonly #clock: Clock
  readonly #startedAt: number
  // Whole microseconds: what a clock is good for, and the steps sum up to the whole to the last digit.
  readonly #startedUs: number
  #steppedUs: number
  #steppedAt: number
  /** The states that were left, and the whole microseconds in each. Replaced, not added to: an array that grows keeps room for more. */
  #left: readonly string[] = []
  #leftUs: readonly number[] = []
  #unwritten = NOTHING
  #seq = 0
  #isStored = false

  constructor(side: Side, clock: Clock) {
    this.#side = side
    this.#clock = clock
    this.#startedAt = clock.now()
    this.#startedUs = microseconds(clock.monotonic())
    this.#steppedUs = this.#startedUs
    this.#steppedAt = this.#startedAt
  }

  /** Milliseconds since the epoch. */
  get startedAt(): number {
    return this.#startedAt
  }

  /** The entries that the next `write` makes durable. */
  get unwritten(): readonly JournalEntry[] {
    return this.#unwritten
  }

  /** Notes an event: its line in the journal. */
  note(from: string, to: string, event: object): JournalEntry {
    const us = microseconds(this.#clock.monotonic())
    const at = this.#clock.now()
    const stayedUs = us - this.#steppedUs
    this.#seq += 1
    const entry = { seq: this.#seq, from, to, event: journalText(event), at, ms: stayedUs / 1000 }
    this.#unwritten = [...this.#unwritten, entry]
    if (from !== to) {
      this.#left = this.#left.concat(from)
      this.#leftUs = this.#leftUs.concat(stayedUs)
      this.#steppedUs = us
      this.#steppedAt = at
    }
    return entry
  }

  /** Removes the newest entry: it did not happen after all. */
  takeBack(entry: JournalEntry): void {
    this.#unwritten = this.#unwritten.filter((each) => each !== entry)
    this.#seq -= 1
    if (entry.from === entry.to) return
    this.#left = this.#left.slice(0, -1)
    this.#leftUs = this.#leftUs.slice(0, -1)
    this.#steppedUs -= microseconds(entry.ms)
  }

  /** How long the session has been in its state, ms. */
  get idleMs(): number {
    return (microseconds(this.#clock.monotonic()) - this.#steppedUs) / 1000
  }

  /** The session while it is under way. */
  summary(facts: SessionFacts): SessionSummary {
    return { ...facts, side: this.#side, startedAt: this.#startedAt }
  }

  /** The session once it is over. @param exchange undefined if nothing was said */
  finalSummary(facts: SessionFacts, exchange: Exchange | undefined): SessionSummary {
    return compact({
      ...this.summary(facts),
      endedAt: this.#steppedAt,
      durationMs: (this.#steppedUs - this.#startedUs) / 1000,
      steps: this.#left.map(
        (state, index): StepTime => ({ state, ms: (this.#leftUs[index] ?? 0) / 1000 }),
      ),
      exchange,
    })
  }

  save(summary: SessionSummary): TrailWrite {
    return { op: 'saveSession', summary, isNew: !this.#isStored, entries: this.#unwritten }
  }

  /** A late acknowledgment adds to the journal; the session itself ended before. */
  appendLate({ id: sessionId }: SessionSummary): TrailWrite {
    return { op: 'appendLate', sessionId, entries: this.#unwritten }
  }

  /** Hears that the newest `save` or `appendLate` was applied. */
  written(): void {
    this.#unwritten = NOTHING
    this.#isStored = true
  }
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000)
}

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

export interface SessionRecordInit {
  readonly side: Side
  readonly clock: Clock
  /** The exchange so far, if anything was said. */
  exchange(): Exchange | undefined
}

/** The record that the store keeps of one session: its summary, and the journal with what was not written yet. */
export class SessionRecord {
  readonly #init: SessionRecordInit
  readonly #startedAt: number
  // Whole microseconds: what a clock is good for, and the steps sum up to the whole to the last digit.
  readonly #startedUs: number
  #steppedUs: number
  #steppedAt: number
  readonly #steps: StepTime[] = []
  #unwritten: JournalEntry[] = []
  #seq = 0
  #isStored = false

  constructor(init: SessionRecordInit) {
    const { clock } = init
    this.#init = init
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
    const { clock } = this.#init
    const us = microseconds(clock.monotonic())
    const at = clock.now()
    const ms = (us - this.#steppedUs) / 1000
    this.#seq += 1
    const entry = { seq: this.#seq, from, to, event: journalText(event), at, ms }
    this.#unwritten.push(entry)
    if (from !== to) {
      this.#steps.push({ state: from, ms })
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
    this.#steps.pop()
    this.#steppedUs -= microseconds(entry.ms)
  }

  /** How long the session has been in its state, ms. */
  get idleMs(): number {
    return (microseconds(this.#init.clock.monotonic()) - this.#steppedUs) / 1000
  }

  summary(facts: SessionFacts, isOver: boolean): SessionSummary {
    const { side, exchange } = this.#init
    const summary = { ...facts, side, startedAt: this.#startedAt }
    if (!isOver) return summary
    return compact({
      ...summary,
      endedAt: this.#steppedAt,
      durationMs: (this.#steppedUs - this.#startedUs) / 1000,
      steps: [...this.#steps],
      exchange: exchange(),
    })
  }

  save(summary: SessionSummary): TrailWrite {
    return { op: 'saveSession', summary, isNew: !this.#isStored, entries: this.#unwritten }
  }

  /** A late acknowledgment adds to the journal; the session itself ended before. */
  appendLate({ id: sessionId }: SessionFacts): TrailWrite {
    return { op: 'appendLate', sessionId, entries: this.#unwritten }
  }

  /** Hears that the newest `save` or `appendLate` was applied. */
  written(): void {
    this.#unwritten = []
    this.#isStored = true
  }
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000)
}

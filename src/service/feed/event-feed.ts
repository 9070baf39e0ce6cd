import { FEED_VERSION, type FeedEvent, type FeedFact } from './event-feed-event.ts'

/** Events kept for one reader: two seconds of the busiest listener measured, about 2 MB. */
const MAX_WAITING = 4_096

/** Readers at once, in this process and on the control socket. */
export const MAX_FEED_READERS = 32

/** A reader that follows the feed, at its own pace. */
export interface FeedReader extends AsyncIterable<readonly FeedEvent[]> {
  /** Takes the events since the last call, oldest first; empty if there were none. Never waits. */
  take(): readonly FeedEvent[]
  /** No more for this reader; a loop over it ends. Idempotent. */
  close(): void
}

export interface EventFeedInit {
  /** Facts that hold now, for a reader that begins, or begins anew after it missed something. */
  snapshot(): readonly FeedFact[]
  /** The first reader came, or the last one left. */
  onFollowed?(isFollowed: boolean): void
  /** Milliseconds since the epoch. */
  now(): number
}

/**
 * Passes a listener's events on to any number of readers. A publisher is never held up: a reader that is slow has
 * what waited for it thrown away, is told how much, and starts again from what is true then.
 */
export class EventFeed {
  readonly #init: EventFeedInit
  readonly #readers = new Set<Reader>()
  #seq = 0

  constructor(init: EventFeedInit) {
    this.#init = init
  }

  /** Whether there is anybody to publish for. */
  get isFollowed(): boolean {
    return this.#readers.size > 0
  }

  /** Costs nothing when nobody reads. @param fact may be made only then */
  publish(fact: FeedFact | (() => FeedFact)): void {
    this.#seq += 1
    if (this.#readers.size === 0) return
    const event = this.#stamp(typeof fact === 'function' ? fact() : fact)
    for (const reader of this.#readers) reader.push(event)
  }

  /**
   * Follows from now on; the first events tell what is true now.
   * @returns undefined if there are too many readers
   */
  follow({ capacity = MAX_WAITING }: { readonly capacity?: number } = {}): FeedReader | undefined {
    if (this.#readers.size >= MAX_FEED_READERS) return undefined
    const reader: Reader = new Reader(
      capacity,
      () => this.#init.snapshot().map((fact) => this.#stamp(fact)),
      (count) => this.#stamp({ type: 'missed', count }),
      () => this.#leave(reader),
    )
    this.#readers.add(reader)
    if (this.#readers.size === 1) this.#init.onFollowed?.(true)
    return reader
  }

  /** The end: every reader gets what still waits for it, and its loop ends. */
  close(): void {
    for (const reader of this.#readers) reader.close()
  }

  #stamp(fact: FeedFact): FeedEvent {
    return { v: FEED_VERSION, seq: this.#seq, at: this.#init.now(), ...fact }
  }

  #leave(reader: Reader): void {
    if (!this.#readers.delete(reader)) return
    if (this.#readers.size === 0) this.#init.onFollowed?.(false)
  }
}

class Reader implements FeedReader {
  readonly #capacity: number
  readonly #snapshot: () => readonly FeedEvent[]
  readonly #missedEvent: (count: number) => FeedEvent
  readonly #leave: () => void
  #waiting: FeedEvent[] = []
  /** It begins, or begins anew: what is true now comes first. */
  #isNew = true
  #missed = 0
  #closed = false
  #wake: (() => void) | undefined

  constructor(
    capacity: number,
    snapshot: () => readonly FeedEvent[],
    missedEvent: (count: number) => FeedEvent,
    leave: () => void,
  ) {
    this.#capacity = capacity
    this.#snapshot = snapshot
    this.#missedEvent = missedEvent
    this.#leave = leave
  }

  push(event: FeedEvent): void {
    if (this.#missed > 0) {
      this.#missed += 1
      return
    }
    // A snapshot that is still to come tells this too.
    if (this.#isNew) return
    if (this.#waiting.length < this.#capacity) this.#waiting.push(event)
    else {
      this.#missed = this.#waiting.length + 1
      this.#waiting = []
    }
    this.#wake?.()
  }

  take(): readonly FeedEvent[] {
    const missed = this.#missed
    if (this.#isNew || missed > 0) {
      this.#isNew = false
      this.#missed = 0
      const now = this.#snapshot()
      return missed > 0 ? [this.#missedEvent(missed), ...now] : now
    }
    if (this.#waiting.length === 0) return NOTHING
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#leave()
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly FeedEvent[]> {
    try {
      for (;;) {
        const events = this.take()
        if (events.length > 0) yield events
        else if (this.#closed) return
        else await this.#more()
      }
    } finally {
      this.close()
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined
        resolve()
      }
    })
  }
}

const NOTHING: readonly FeedEvent[] = []

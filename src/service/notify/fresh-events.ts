import type { FeedEvent } from '../feed/event-feed-event.ts'

/**
 * Tells what a reader of the feed sees for the first time from what is told to it again: a reader that begins, or was too
 * slow, is told how things stand, and the newest records of the audit.
 */
export class FreshEvents {
  #seq = Number.NEGATIVE_INFINITY
  #record: number

  /** @param lastRecord number of the newest record of the audit that is no news */
  constructor(lastRecord: number) {
    this.#record = lastRecord
  }

  /** True for an event that has happened since the last one. Called once for each, in the order of the feed. */
  isFresh(event: FeedEvent): boolean {
    if (event.type === 'audit') return this.#isNewRecord(event.record.seq)
    // With it begins how things stand now, all of it with the number of the last event before.
    if (event.type === 'ready') this.#seq = event.seq
    if (event.seq <= this.#seq) return false
    this.#seq = event.seq
    return true
  }

  #isNewRecord(seq: number): boolean {
    if (seq <= this.#record) return false
    this.#record = seq
    return true
  }
}

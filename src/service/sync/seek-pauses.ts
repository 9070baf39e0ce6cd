/** After a try that did not bring the documents together the next one waits, ms, twice as long each time up to the longest. */
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 3_600_000

/** How long partners that were sought in vain are left alone. */
export class SeekPauses {
  /** By partner: how long, ms, and until when. */
  readonly #pauses = new Map<string, { readonly ms: number; readonly until: number }>()

  mayTry(peerId: string, now: number): boolean {
    return (this.#pauses.get(peerId)?.until ?? 0) <= now
  }

  /** The last try came to nothing. @param hasProgressed it did bring some of it: the pause is not made longer */
  failed(peerId: string, now: number, hasProgressed: boolean): void {
    const last = hasProgressed ? undefined : this.#pauses.get(peerId)
    const ms = Math.min(2 * (last?.ms ?? FIRST_PAUSE_MS / 2), LONGEST_PAUSE_MS)
    this.#pauses.set(peerId, { ms, until: now + ms * (0.75 + Math.random() / 2) })
  }

  /** There is a reason to try again. */
  end(peerId: string): void {
    this.#pauses.delete(peerId)
  }
}

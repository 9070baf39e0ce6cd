/** Characters of a note that are kept: a sentence. */
const MAX_NOTE = 200

/** Notes that are told in a minute; of more the number is told. A program that says something at each call must not fill the log. */
const MAX_NOTES_A_MINUTE = 10

const MINUTE_MS = 60_000

/** Notes of a host's own hooks to whoever runs them. They are kept, within bounds, until somebody listens. */
export class HookNotes {
  readonly #now: () => number
  #waiting: string[] = []
  #tell: ((note: string) => void) | undefined
  #since = Number.NEGATIVE_INFINITY
  #count = 0
  #left = 0

  /** @param now monotonic ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  say(text: string): void {
    const note = text.trim().slice(0, MAX_NOTE)
    if (note === '') return
    const now = this.#now()
    if (now - this.#since >= MINUTE_MS) this.#begin(now)
    this.#count += 1
    if (this.#count > MAX_NOTES_A_MINUTE) this.#left += 1
    else this.#pass(note)
  }

  /** For one only: what waits comes first. */
  onSaid(tell: (note: string) => void): void {
    this.#tell = tell
    for (const note of this.#waiting.splice(0)) tell(note)
  }

  #begin(now: number): void {
    const left = this.#left
    this.#since = now
    this.#count = 0
    this.#left = 0
    if (left > 0) this.#pass(`${left} more notes of your hooks are not shown`)
  }

  #pass(note: string): void {
    if (this.#tell !== undefined) this.#tell(note)
    else if (this.#waiting.length <= MAX_NOTES_A_MINUTE) this.#waiting.push(note)
  }
}

/** What happened, line by line, for people. Costs nothing unless somebody will read it. */
export class Trace {
  readonly lines: string[] = []
  readonly #isWanted: boolean
  readonly #now: () => number

  constructor(isWanted: boolean, now: () => number) {
    this.#isWanted = isWanted
    this.#now = now
  }

  say(text: () => string): void {
    if (!this.#isWanted) return
    this.lines.push(`${(this.#now() / 1000).toFixed(4).padStart(10)}  ${text()}`)
  }
}

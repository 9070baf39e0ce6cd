/** Where and when a process is to die. */
export interface Death {
  /** A name such as `after commit reserve`; see `points.ts`. */
  readonly point: string
  /** Which passing of the point is the last, from 1. */
  readonly occurrence: number
}

/** Ends its own process, as the kernel would: no handler runs, nothing is flushed. */
export class KillSwitch {
  readonly #death: Death | undefined
  readonly #passed: ((point: string) => void) | undefined
  #count = 0

  /** @param passed is told every point that was passed; for finding out which there are */
  constructor(death: Death | undefined, passed?: (point: string) => void) {
    this.#death = death
    this.#passed = passed
  }

  at(point: string): void {
    this.#passed?.(point)
    if (point !== this.#death?.point) return
    this.#count += 1
    if (this.#count === this.#death.occurrence) process.kill(process.pid, 'SIGKILL')
  }

  /** Points on both sides of something that takes its time. What fails has no "after". */
  async around<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.at(`before ${name}`)
    const result = await work()
    this.at(`after ${name}`)
    return result
  }
}

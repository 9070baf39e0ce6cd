import type { Clock, Timer } from '../../../src/session/ports/clock.ts'
import type { Owner, Timeline } from './timeline.ts'

/** What of the world a process needs to live in. */
export interface LifeInit {
  readonly name: string
  readonly timeline: Timeline
  /** The wall clock of its machine, milliseconds since the epoch. */
  wall(): number
  /** Does it die here? */
  isFatal(where: string): boolean
  /** It has just died. */
  died(life: Life, where: string): void
}

/** The process died in the middle of this. Only zombies ever see it. */
export class DeadError extends Error {
  override readonly name = 'DeadError'
}

/** One life of one node's process. Whatever its code still tries after its death has no effect on anything. */
export class Life implements Owner {
  readonly name: string
  readonly timeline: Timeline
  readonly clock: Clock
  readonly #init: LifeInit
  readonly #held: (() => void)[] = []
  #alive = true
  #paused = false
  #hasPaused = false

  constructor(init: LifeInit) {
    this.name = init.name
    this.timeline = init.timeline
    this.#init = init
    const bornAt = init.timeline.now
    this.clock = {
      now: () => Math.floor(init.wall()),
      monotonic: () => init.timeline.now - bornAt,
      after: (ms, run) => this.after(ms, run),
    }
  }

  get alive(): boolean {
    return this.#alive
  }

  get paused(): boolean {
    return this.#paused
  }

  /** Its time was not its own: deadlines say nothing about it. */
  get hasPaused(): boolean {
    return this.#hasPaused
  }

  /** Neither dead nor paused. */
  get works(): boolean {
    return this.#alive && !this.#paused
  }

  /** A place where the process may die. True if it lives on. */
  survives(where: string): boolean {
    if (this.#alive && this.#init.isFatal(where)) this.die(where)
    return this.#alive
  }

  die(where: string): void {
    if (!this.#alive) return
    this.#alive = false
    this.#init.died(this, where)
  }

  /** As SIGSTOP. */
  pause(): void {
    this.#paused = true
    this.#hasPaused = true
  }

  /** As SIGCONT: all that came meanwhile happens now, in order. */
  resume(): void {
    this.#paused = false
    for (const run of this.#held.splice(0)) this.after(0, run)
  }

  hold(run: () => void): void {
    this.#held.push(run)
  }

  after(ms: number, run: () => void): Timer {
    return this.timeline.after(ms, this, run)
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve)
    })
  }
}

/** What a dead process waits for. */
export function never<Value>(): Promise<Value> {
  return new Promise<Value>(() => undefined)
}

import type { Random } from './world/random.ts'

/** How often what goes wrong, each a probability. */
export interface Weather {
  /** Each frame on its way. */
  readonly frame: number
  /** Each place where a process may die. */
  readonly crash: number
  /** Each commit, and each piece of work in a batch. */
  readonly disk: number
  /** Each call of a hook. */
  readonly hook: number
  /** Each dial. */
  readonly dial: number
}

export type FrameFate = 'deliver' | 'cut' | 'lose' | 'slow' | 'half dead'
export type HookFate = 'well' | 'throws' | 'throws late' | 'hangs' | 'late' | 'rubbish'
export type DialFate = 'well' | 'unreachable' | 'wrong peer' | 'hangs'
export type DiskFate = 'well' | 'work fails' | 'batch fails'

const FRAME_FAULTS = ['cut', 'cut', 'lose', 'slow', 'half dead'] as const
const HOOK_FAULTS = ['throws', 'throws late', 'hangs', 'late', 'late', 'rubbish'] as const
const DIAL_FAULTS = ['unreachable', 'unreachable', 'wrong peer', 'hangs'] as const
const DISK_FAULTS = ['work fails', 'batch fails'] as const

/** Decides what goes wrong, out of one seeded generator, and counts it. */
export class Chaos {
  /** Faults happen; else everything works. */
  raging = true
  readonly weather: Weather
  /** How often what happened, by name. */
  readonly counts = new Map<string, number>()
  readonly #random: Random
  /** At most so many crashes a run: a world that only ever restarts shows nothing. */
  #crashesLeft: number

  constructor(random: Random, weather: Weather, crashes: number) {
    this.#random = random
    this.weather = weather
    this.#crashesLeft = crashes
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }

  crashes(where: string): boolean {
    if (this.#crashesLeft === 0 || !this.#happens(this.weather.crash)) return false
    this.#crashesLeft -= 1
    this.count(`crash ${where}`)
    return true
  }

  frame(type: string): FrameFate {
    if (!this.#happens(this.weather.frame)) return 'deliver'
    const fate = this.#random.pick(FRAME_FAULTS)
    this.count(`${fate} ${type}`)
    return fate
  }

  hook(name: string): HookFate {
    if (!this.#happens(this.weather.hook)) return 'well'
    const fate = this.#random.pick(HOOK_FAULTS)
    this.count(`${name} ${fate}`)
    return fate
  }

  dial(): DialFate {
    if (!this.#happens(this.weather.dial)) return 'well'
    const fate = this.#random.pick(DIAL_FAULTS)
    this.count(`dial ${fate}`)
    return fate
  }

  work(): DiskFate {
    if (!this.#happens(this.weather.disk)) return 'well'
    const fate = this.#random.pick(DISK_FAULTS)
    this.count(`disk: ${fate}`)
    return fate
  }

  commitFails(): boolean {
    if (!this.#happens(this.weather.disk)) return false
    this.count('disk: commit fails')
    return true
  }

  #happens(probability: number): boolean {
    return this.raging && this.#random.chance(probability)
  }
}

/** Some runs are calm but for one thing, some have everything. */
export function weatherOf(random: Random): Weather {
  const some = (): number => random.pick([0, 0, 0.01, 0.03, 0.1])
  return {
    frame: random.pick([0, 0.03, 0.1, 0.25]),
    crash: random.pick([0, 0.003, 0.01, 0.03]),
    disk: some(),
    hook: random.pick([0, 0, 0.05, 0.2]),
    dial: some(),
  }
}

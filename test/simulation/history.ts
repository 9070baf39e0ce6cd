import { Random } from './world/random.ts'

/** Sessions that are kept by who remembers little. */
const SHORT_HISTORY = 1
const LONG_HISTORY = 10_000

/** From numbers of its own: the rest of a life is the same with it. */
export function historyOf(seed: number): number {
  return new Random(~seed).chance(0.3) ? SHORT_HISTORY : LONG_HISTORY
}

/** Its sessions may have no journal. */
export function remembersLittle(maxSessionHistory: number | undefined): boolean {
  return maxSessionHistory === SHORT_HISTORY
}

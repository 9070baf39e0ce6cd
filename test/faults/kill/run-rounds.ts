import type { RoundPlan } from './plan.ts'
import { type RoundResult, runRound } from './run-round.ts'

/** Rounds at once: mostly they wait for processes to start. */
const AT_ONCE = Number(process.env['KILL_AT_ONCE'] ?? 3)

export interface Tally {
  readonly rounds: number
  readonly deaths: number
  /** The most attempts that an invitee needed once everything worked again. */
  readonly mostTries: number
  /** One for each round in which something did not hold. */
  readonly failures: readonly string[]
}

/** Run them all, a few at once, whatever comes of each. */
export async function runRounds(plans: readonly RoundPlan[]): Promise<Tally> {
  const waiting = [...plans]
  const results: RoundResult[] = []
  const failures: string[] = []
  const work = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
      try {
        results.push(await runRound(plan))
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const deaths = results.reduce((sum, each) => sum + each.deaths, 0)
  const mostTries = Math.max(0, ...results.map(({ tries }) => tries))
  return { rounds: plans.length, deaths, mostTries, failures }
}

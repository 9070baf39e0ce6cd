import { type Report, runSeed } from '../run-seed.ts'
import type { PlantedBug } from './planted-bug.ts'

/** The first run that breaks a rule with this bug in it. Undefined if none of so many does. */
export async function findBug(bug: PlantedBug, seeds: number): Promise<Report | undefined> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const report = await runSeed(seed, { bug })
    if (report.violations.length > 0) return report
  }
  return undefined
}

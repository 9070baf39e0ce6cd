import { type Report, runSeed } from '../run-seed.ts'
import type { PlantedBug } from './planted-bug.ts'

/** A run that breaks a rule with this bug in it. Undefined if none of so many does. */
export async function findBug(bug: PlantedBug, seeds: number): Promise<Report | undefined> {
  const { foundBy = 1 } = bug
  const others = Array.from({ length: seeds }, (_, index) => index + 1)
  for (const seed of [foundBy, ...others.filter((each) => each !== foundBy)]) {
    const report = await runSeed(seed, { bug })
    if (report.violations.length > 0) return report
  }
  return undefined
}

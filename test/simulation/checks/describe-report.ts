import type { Report } from '../run-seed.ts'

/** One line of words, and one command that shows how it came to it. */
export function describeReport({ seed, violations, steps }: Report): string {
  const found = violations.map(({ rule, what, at }) => `  ${rule} at ${seconds(at)}: ${what}`)
  return [
    `seed ${seed} breaks a rule after ${steps} steps:`,
    ...found,
    '  To see how:',
    `  TALEUS_SIM_SEED=${seed} npx vitest run --project unit test/simulation/simulation.test.ts`,
  ].join('\n')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}

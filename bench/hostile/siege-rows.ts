import { ATTACKS, PATIENT, RELAYED } from '../../test/faults/hostile/attack-sizes.ts'
import { type SiegeInit, siege } from '../../test/faults/hostile/siege.ts'
import type { Finding } from '../report/row.ts'

const ROUND = { guests: 20, rounds: 3, headStartMs: 4_000 } as const

/** Measures how long honest guests take while a thousand others only hold on, ms. */
export async function patient(): Promise<Finding[]> {
  return [await worstOf(PATIENT, 'p99Ms')]
}

/** Measures how long honest guests of a listener under attack take, beside those of a quiet one, in turn. */
export async function hostile(): Promise<Finding[]> {
  return [await worstOf(ATTACKS, 'p99')]
}

/** The same of listeners beyond a relay: by the relay, and at it. */
export async function hostileRelayed(): Promise<Finding[]> {
  return [await worstOf(RELAYED, 'p99', true)]
}

async function worstOf(
  attacks: readonly Pick<SiegeInit, 'attack' | 'size'>[],
  of: 'p99' | 'p99Ms',
  isRelayed = false,
): Promise<Finding> {
  const [values, notes, problems]: [number[], string[], string[]] = [[], [], []]
  for (const each of attacks) {
    const result = await siege({ ...each, ...ROUND, isRelayed })
    values.push(result[of])
    notes.push(`${each.attack} ${result.p99.toFixed(2)} ×`)
    problems.push(...result.problems, ...result.uncaught)
  }
  return { ours: Math.max(...values), note: notes.join(', '), problem: problems[0] }
}

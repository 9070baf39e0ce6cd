import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import * as z from 'zod'
import type { AttackName } from './attacks.ts'
import { type Child, startChild } from './child.ts'

const hostSchema = z.object({
  link: z.string(),
  peerId: z.string(),
  addresses: z.array(z.string()),
})
const stateSchema = z.object({
  admission: z.object({ refused: z.record(z.string(), z.number()), admitted: z.number() }),
  lagMs: z.number(),
  rssMiB: z.number(),
  uncaught: z.array(z.string()),
})
const visitsSchema = z.array(z.object({ ms: z.number(), problem: z.string() }))
const blowsSchema = z.object({ blows: z.number() })

export interface SiegeInit {
  readonly attack: AttackName
  /** How much of it at a time. */
  readonly size: number
  /** Honest guests in each round. */
  readonly guests: number
  /** Quiet and besieged in turn, so many times. */
  readonly rounds: number
  /** How long an attack goes on before guests come, ms. */
  readonly headStartMs: number
}

/** What a siege came to. */
export interface SiegeResult {
  /** Everything that kept an honest guest from its tally. */
  readonly problems: readonly string[]
  readonly blows: number
  /** For each round: how much longer the slowest guests (p99) and the middle one took than in quiet. */
  readonly p99: readonly number[]
  readonly p50: readonly number[]
  /** p99 under attack, ms. */
  readonly worstMs: number
  readonly lagMs: number
  readonly rssMiB: number
  readonly refused: Readonly<Record<string, number>>
  readonly uncaught: readonly string[]
}

/** A listener, honest guests, and an attacker, each in a process of its own. */
export async function siege(init: SiegeInit): Promise<SiegeResult> {
  const directory = await mkdtemp(join(tmpdir(), 'taleus-siege-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const host = await startChild('host.ts', directory)
  const { link, addresses } = hostSchema.parse(host.greeting)
  const guests = await startChild('guests.ts', link)
  // What is compiled on the first visits is no siege.
  const problems: string[] = (await visits(guests, 3)).problems
  const [p99, p50, worst, blows]: number[][] = [[], [], [], []]
  await host.ask({})
  for (let round = 0; round < init.rounds; round += 1) {
    const quiet = await visits(guests, init.guests)
    const { attack, size, headStartMs } = init
    const attacker = await startChild('attacker.ts', link, addresses.join(' '), attack, `${size}`)
    await new Promise((resolve) => setTimeout(resolve, headStartMs))
    const besieged = await visits(guests, init.guests)
    blows?.push(blowsSchema.parse(await attacker.ask({})).blows)
    await attacker.stop()
    problems.push(...quiet.problems, ...besieged.problems)
    p99?.push(at(besieged.ms, 0.99) / at(quiet.ms, 0.99))
    p50?.push(at(besieged.ms, 0.5) / at(quiet.ms, 0.5))
    worst?.push(at(besieged.ms, 0.99))
  }
  const { admission, ...state } = stateSchema.parse(await host.ask({}))
  await guests.stop()
  await host.stop()
  return {
    ...state,
    problems,
    refused: admission.refused,
    blows: Math.min(...(blows ?? [])),
    p99: p99 ?? [],
    p50: p50 ?? [],
    worstMs: Math.min(...(worst ?? [])),
  }
}

async function visits(guests: Child, count: number) {
  const made = visitsSchema.parse(await guests.ask({ count }))
  const problems = made.map(({ problem }) => problem).filter((problem) => problem !== '')
  return { ms: made.map(({ ms }) => ms), problems }
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

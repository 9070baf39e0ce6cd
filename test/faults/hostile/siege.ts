import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { median } from '../../../bench/load/interleave.ts'
import { type Child, startChild } from '../../../bench/process/child.ts'
import { compact } from '../../../src/protocol/base/compact.ts'
import type { AttackName } from './attacks.ts'
import type { RelayAttackName } from './relay-attacks.ts'
import { type RelayCommand, startRelayCommand } from './relay-command.ts'

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
const visitsSchema = z.tuple([
  z.array(z.object({ ms: z.number(), problem: z.string() })),
  z.array(z.object({ ms: z.number(), problem: z.string() })),
])
const blowsSchema = z.object({ blows: z.number() })

export interface SiegeInit {
  readonly attack: AttackName | RelayAttackName
  /** How much of it at a time. */
  readonly size: number
  /** Honest guests of each listener in each round. */
  readonly guests: number
  /** The attack begins anew so many times. */
  readonly rounds: number
  /** How long an attack goes on before guests come, ms. */
  readonly headStartMs: number
  /** Each listener is beyond a relay, a real one, by which all come; what needs no circuit attacks that. @default false */
  readonly isRelayed?: boolean
}

/** What a siege came to. */
export interface SiegeResult {
  /** Everything that kept an honest guest from its tally. */
  readonly problems: readonly string[]
  readonly blows: number
  /** The slowest guests (p99) of the besieged beside those of the quiet one: the middle round's share. */
  readonly p99: number
  /** The same of the middle guest. */
  readonly p50: number
  /** p99 under attack, ms, of the middle round. */
  readonly p99Ms: number
  /** How late the loop of the besieged was at most, and that of the quiet one. */
  readonly lagMs: number
  readonly quietLagMs: number
  readonly rssMiB: number
  /** Resident memory of the relay before the besieged. */
  readonly relayMiB?: number
  readonly refused: Readonly<Record<string, number>>
  readonly uncaught: readonly string[]
}

interface Listening {
  readonly child: Child
  readonly link: string
  /** Those to attack: its own, or its relay's. */
  readonly addresses: readonly string[]
  readonly relay?: RelayCommand
}

/**
 * Two listeners of which one is attacked, and honest guests who visit one and the other in turn: whatever else the
 * machine has to do, it does it to both. Each in a process of its own.
 */
export async function siege(init: SiegeInit): Promise<SiegeResult> {
  const directory = await mkdtemp(join(tmpdir(), 'taleus-siege-'))
  const children: { stop(): Promise<unknown> }[] = []
  const start = async (module: string, ...args: string[]): Promise<Child> => {
    const child = await startChild(join(import.meta.dirname, module), ...args)
    children.push(child)
    return child
  }
  const listen = async (name: string): Promise<Listening> => {
    if (init.isRelayed !== true) {
      const child = await start('host.ts', join(directory, name))
      return { child, ...hostSchema.parse(child.greeting) }
    }
    const relay = await startRelayCommand(join(directory, `relay-${name}`))
    children.push(relay)
    const child = await start('host.ts', join(directory, name), relay.addresses[0] ?? '')
    const { link } = hostSchema.parse(child.greeting)
    return { child, link, addresses: relay.addresses, relay }
  }
  try {
    return await besiege(init, start, await listen('besieged'), await listen('quiet'))
  } finally {
    for (const child of children.reverse()) await child.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

async function besiege(
  { attack, size, guests, rounds, headStartMs }: SiegeInit,
  start: (module: string, ...args: string[]) => Promise<Child>,
  besieged: Listening,
  quiet: Listening,
): Promise<SiegeResult> {
  const visitors = await start('guests.ts', besieged.link, quiet.link)
  // What is compiled on the first visits is no siege.
  const made: Visits[] = [await visits(visitors, 3)]
  const blows: number[] = []
  for (const { child } of [besieged, quiet]) await child.ask({})
  for (let round = 0; round < rounds; round += 1) {
    const { link, addresses, relay } = besieged
    const by = relay === undefined ? [] : addresses.slice(0, 1)
    const attacker = await start('attacker.ts', link, addresses.join(' '), attack, `${size}`, ...by)
    await new Promise((resolve) => setTimeout(resolve, headStartMs))
    made.push(await visits(visitors, guests))
    blows.push(blowsSchema.parse(await attacker.ask({})).blows)
    await attacker.stop()
  }
  const { admission, ...state } = stateSchema.parse(await besieged.child.ask({}))
  const other = stateSchema.parse(await quiet.child.ask({}))
  const relayMiB = await besieged.relay?.residentMiB()
  const counted = made.slice(1)
  const shareAt = (share: number) =>
    median(counted.map((each) => at(each.besieged, share) / at(each.quiet, share)))
  return {
    ...state,
    ...compact({ relayMiB }),
    quietLagMs: other.lagMs,
    problems: made.flatMap(({ problems }) => problems),
    refused: admission.refused,
    blows: Math.min(...blows),
    p99: shareAt(0.99),
    p50: shareAt(0.5),
    p99Ms: median(counted.map((each) => at(each.besieged, 0.99))),
  }
}

interface Visits {
  /** ms each. */
  readonly besieged: readonly number[]
  readonly quiet: readonly number[]
  readonly problems: readonly string[]
}

async function visits(guests: Child, count: number): Promise<Visits> {
  const [besieged, quiet] = visitsSchema.parse(await guests.ask({ count }))
  const problems = [...besieged, ...quiet].map(({ problem }) => problem)
  return {
    besieged: besieged.map(({ ms }) => ms),
    quiet: quiet.map(({ ms }) => ms),
    problems: problems.filter((problem) => problem !== ''),
  }
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

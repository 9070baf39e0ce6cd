import { onTestFinished } from 'vitest'
import { createMemoryHooks } from '../../src/hooks/memory/create-memory-hooks.ts'
import { generatePrivateKeyBytes } from '../../src/network/identity/identity-key.ts'
import { Redeemer } from '../../src/service/redeeming/redeemer.ts'
import type { BootstrapOutcome } from '../../src/session/dialer/outcome.ts'
import { openMemoryStore } from '../../src/store/transaction/store.ts'
import { listener, type RunningListener, taleusJson } from '../e2e/support/cli.ts'

/** A party of its own in this process: as many processes would only measure Node. */
async function racer(): Promise<Redeemer> {
  const redeemer = new Redeemer({
    store: openMemoryStore(),
    hooks: createMemoryHooks(),
    key: generatePrivateKeyBytes(),
    config: { sessionTimeoutMs: 60_000, stepTimeoutMs: 60_000, provisionTimeoutMs: 60_000 },
  })
  await redeemer.start()
  onTestFinished(() => redeemer.stop())
  return redeemer
}

export function racers(count: number): Promise<readonly Redeemer[]> {
  return Promise.all(Array.from({ length: count }, racer))
}

/** A listener that turns nobody away for being one of many. */
export async function patientListener(
  directory: string,
  addresses: readonly string[] = ['/ip4/127.0.0.1/tcp/0'],
): Promise<RunningListener> {
  const args = [
    ...addresses.flatMap((address) => ['--listen', address]),
    ...['--max-sessions', '1200', '--rate-limit', '100000'],
    ...['--step-timeout', '60s', '--session-timeout', '60s'],
  ]
  return await listener(directory, args, { through: ['env', 'TALEUS_SESSIONS_PER_PEER=1000'] })
}

export interface RaceResult {
  readonly role: string
  /** Who was told of a tally. */
  readonly winners: readonly BootstrapOutcome[]
  /** What the others were told, each once. */
  readonly refusals: readonly string[]
}

const EXPECTED: ReadonlySet<string> = new Set(['in_progress', 'used'])

/** All at once for one use. */
export async function race(
  directory: string,
  crowd: readonly Redeemer[],
  role: 'stock' | 'foil',
): Promise<RaceResult> {
  const { json } = await taleusJson(directory, ['token', 'create', '--role', role])
  const link = String(json['link'])
  const outcomes = await Promise.all(crowd.map((each) => redeem(each, link)))
  const refusals = outcomes.flatMap((each) => {
    if (each.completed) return []
    return [EXPECTED.has(each.reason) ? each.reason : `${each.reason}: ${each.detail}`]
  })
  return {
    role,
    winners: outcomes.filter(({ completed }) => completed),
    refusals: [...new Set(refusals)].sort(),
  }
}

/** Two hundred handshakes at once may take one of them longer than a dial; then it tries again. */
async function redeem(racer: Redeemer, link: string): Promise<BootstrapOutcome> {
  const outcome = await racer.redeemText(link, {})
  const isOutside = !outcome.completed && outcome.reason === 'unreachable'
  return isOutside ? await racer.redeemText(link, {}) : outcome
}

/** How many tallies the inviter has, and whether its trail is whole. */
export async function ledgerOf(directory: string) {
  const { json } = await taleusJson(directory, ['tally', 'list', '--limit', '1000'])
  const { code } = await taleusJson(directory, ['audit', 'verify'])
  return { tallies: Array.isArray(json['tallies']) ? json['tallies'].length : -1, audit: code }
}

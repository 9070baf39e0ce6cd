import type { ListenerSetting } from './listener-contender.ts'
import type { Load } from './load.ts'

/** One property to measure, beside the bare exchange. */
export interface Figure {
  readonly id: string
  readonly what: string
  readonly setting: Pick<ListenerSetting, 'role' | 'client'>
  readonly load: Load
  /** How often ours and bare are measured in turn, after one round that warms up. */
  readonly rounds: number
  /** `rate`: bootstraps per second as a share of bare exchanges per second. */
  readonly goal:
    | { readonly kind: 'rate'; readonly atLeast: number }
    | { readonly kind: 'latency'; readonly addedMs: number }
    | { readonly kind: 'none' }
}

/**
 * Commits that the answer waits for, each one write and one fsync: the intent to provision, and the
 * redemption with its tally and the answer's bytes.
 */
export const COMMITS_ON_THE_PATH = 2

const LIGHT_STOCK = { role: 'stock', client: 'light' } as const

/** In the order they are measured. The counts fit in five minutes on two slow cores. */
export const FIGURES: readonly Figure[] = [
  {
    id: 'P1',
    what: 'bootstraps/s, a new connection and peer each, 10 at a time',
    setting: LIGHT_STOCK,
    load: { connection: 'new', concurrency: 10, count: 300 },
    rounds: 5,
    goal: { kind: 'rate', atLeast: 0.9 },
  },
  {
    id: 'P2-10',
    what: 'bootstraps/s on one connection, 10 at a time',
    setting: LIGHT_STOCK,
    load: { connection: 'shared', concurrency: 10, count: 1_500 },
    rounds: 5,
    goal: { kind: 'rate', atLeast: 0.75 },
  },
  {
    id: 'P2-100',
    what: 'bootstraps/s on one connection, 100 at a time',
    setting: LIGHT_STOCK,
    load: { connection: 'shared', concurrency: 100, count: 2_500 },
    rounds: 5,
    goal: { kind: 'rate', atLeast: 0.75 },
  },
  {
    id: 'P2b',
    what: 'bootstraps/s on one connection, 10 at a time, both sides whole and durable',
    setting: { role: 'stock', client: 'whole' },
    load: { connection: 'shared', concurrency: 10, count: 1_000 },
    rounds: 5,
    goal: { kind: 'rate', atLeast: 0.4 },
  },
  {
    id: 'P3',
    what: 'ms until the invitee has its answer, p50, one at a time',
    setting: LIGHT_STOCK,
    load: { connection: 'shared', concurrency: 1, count: 400 },
    rounds: 5,
    goal: { kind: 'latency', addedMs: 3 },
  },
  {
    id: 'foil-10',
    what: 'bootstraps/s on one connection, 10 at a time, the invitee builds',
    setting: { role: 'foil', client: 'light' },
    load: { connection: 'shared', concurrency: 10, count: 1_500 },
    rounds: 3,
    goal: { kind: 'none' },
  },
  {
    id: 'foil-whole',
    what: 'bootstraps/s on one connection, 10 at a time, the invitee builds, both sides whole',
    setting: { role: 'foil', client: 'whole' },
    load: { connection: 'shared', concurrency: 10, count: 1_000 },
    rounds: 3,
    goal: { kind: 'none' },
  },
]

import { setTimeout as sleep } from 'node:timers/promises'
import { createDialer } from '../../network/dial/dial.ts'
import { privateKeyFromBytes } from '../../network/identity/identity-key.ts'
import { createDialNode } from '../../network/node/node.ts'
import { stopNode } from '../../network/node/stop-node.ts'
import { TALLY_SYNC } from '../../network/stream/wire-protocol.ts'
import type { Store } from '../../store/transaction/store.ts'
import { changeSigner } from '../tallies/change-signer.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { GuardTurns } from './guard-turns.ts'
import { type PartnerMet, seekOnce } from './seek-once.ts'
import type { SeekPorts } from './seek-partner.ts'
import { isShared } from './sync-state.ts'

/** Partners who are sought at the same time. */
const MAX_SOUGHT_AT_ONCE = 4

/** Between two tries to meet a partner, ms, the first and the longest: each costs a dial of all its addresses. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/** The parts and settings of a sync that a person has asked for. */
export interface SyncTalliesInit {
  readonly store: Store
  /** The private key's bytes, as in the key file. */
  readonly key: Uint8Array
  /** Multiaddrs by which this side is reached; none if it does not listen. */
  readonly addresses: readonly string[]
  /** How long to try again while partners can't be met, ms. */
  readonly waitMs: number
  readonly interrupted: AbortSignal
  /** Milliseconds since the epoch. */
  now(): number
}

/** The outcome for the tallies with one partner. */
export interface PartnerSought {
  readonly peerId: string
  readonly tallies: readonly TallyRecord[]
  readonly result: PartnerMet
}

/**
 * Syncs tallies with their partners, each of whom is dialled. A tally whose sync was stopped is tried again, unless it is
 * forked.
 * @throws StoreError
 */
export async function syncTallies(
  init: SyncTalliesInit,
  tallies: readonly TallyRecord[],
): Promise<readonly PartnerSought[]> {
  const { store, now } = init
  await letTryAgain(init, tallies)
  const node = await createDialNode({ privateKey: privateKeyFromBytes(init.key) })
  const dialer = createDialer(node, {}, undefined, TALLY_SYNC)
  const signer = changeSigner(init.key)
  const ports = { store, now, dialer, turns: new GuardTurns(), signer, addresses: init.addresses }
  const partners = [...Map.groupBy(tallies.filter(isShared), ({ partner }) => partner.peerId)]
  const sought: PartnerSought[] = []
  const seekNext = async (): Promise<void> => {
    for (let next = partners.shift(); next !== undefined; next = partners.shift()) {
      const [peerId, its] = next
      sought.push({ peerId, tallies: its, result: await persistently(ports, init, peerId, its) })
    }
  }
  try {
    await Promise.all(Array.from({ length: MAX_SOUGHT_AT_ONCE }, seekNext))
    return sought
  } finally {
    await stopNode(node)
  }
}

async function letTryAgain({ store, now }: SyncTalliesInit, tallies: readonly TallyRecord[]) {
  const stopped = tallies.filter(({ tallyId }) => {
    const { stop } = store.read(({ tallySyncs }) => tallySyncs.find(tallyId))
    return stop !== undefined && stop !== 'forked'
  })
  if (stopped.length === 0) return
  await store.write(({ tallySyncs }) => {
    for (const { tallyId } of stopped) tallySyncs.setStop(tallyId, undefined, now())
  })
}

/** Seeks one partner until it is met, or there is no time left. */
async function persistently(
  ports: SeekPorts,
  { waitMs, interrupted }: SyncTalliesInit,
  peerId: string,
  tallies: readonly TallyRecord[],
): Promise<PartnerMet> {
  const until = performance.now() + waitMs
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const result = await seekOnce(ports, peerId, tallies, interrupted)
    const left = until - performance.now()
    if (result.failure === undefined) return result
    if (interrupted.aborted || left <= 0) return result
    const pause = Math.min(left, pauseMs * (0.5 + Math.random()))
    await sleep(pause, undefined, { signal: interrupted }).catch(() => undefined)
  }
}

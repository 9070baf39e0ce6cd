import { createDialer } from '../../network/dial/dial.ts'
import { privateKeyFromBytes } from '../../network/identity/identity-key.ts'
import { createDialNode } from '../../network/node/node.ts'
import { stopNode } from '../../network/node/stop-node.ts'
import { TALLY_SYNC } from '../../network/stream/wire-protocol.ts'
import { SYSTEM_CLOCK } from '../../session/clock/system-clock.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { changeSigner } from '../tallies/change-signer.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { Patience } from '../waiting/patience.ts'
import { persist } from '../waiting/persist.ts'
import { GuardTurns } from './guard-turns.ts'
import { MAX_SEEK_MS, type PartnerMet, seekOnce } from './seek-once.ts'
import type { SeekPorts } from './seek-partner.ts'
import { isShared } from './sync-state.ts'

/** Partners who are sought at the same time. */
const MAX_SOUGHT_AT_ONCE = 4

/** The parts and settings of a sync that a person has asked for. */
export interface SyncTalliesInit {
  readonly store: RecordStore
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
  // Nothing is written unless there is something to write.
  if ((await store.query(() => mayBeTriedAgain(tallies))).length === 0) return
  const at = now()
  await store.transact(function* () {
    // One that was found forked since stays stopped.
    for (const { tallyId } of yield* mayBeTriedAgain(tallies)) {
      yield* tallySyncRecords.setStop(tallyId, undefined, at)
    }
  })
}

function* mayBeTriedAgain(tallies: readonly TallyRecord[]): Query<readonly TallyRecord[]> {
  const stopped: TallyRecord[] = []
  for (const tally of tallies) {
    const { stop } = yield* tallySyncRecords.find(tally.tallyId)
    if (stop !== undefined && stop !== 'forked') stopped.push(tally)
  }
  return stopped
}

/** Seeks one partner until it is met, or there is no time left. */
async function persistently(
  ports: SeekPorts,
  { waitMs, interrupted }: SyncTalliesInit,
  peerId: string,
  tallies: readonly TallyRecord[],
): Promise<PartnerMet> {
  return await persist({
    patience: new Patience(SYSTEM_CLOCK, { timeoutMs: MAX_SEEK_MS, waitMs }),
    signal: interrupted,
    ask: () => seekOnce(ports, peerId, tallies, interrupted),
    // Also somebody else at its address, and one who is not understood: it may be another one, or newer, next time.
    notYetIn: ({ failure }) => failure && { kind: 'away', code: failure.name },
  })
}

import { MAX_SYNC_TALLIES } from '../../protocol/sync/sync-limits.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import { seekSync } from '../../tally/sync/sync-exchange.ts'
import { placesOf } from '../tallies/partner-places.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import type { SyncPorts } from './replica-ports.ts'
import type { StoredReplicas } from './stored-replicas.ts'
import type { HearSync } from './sync-news.ts'
import { TransportChannel } from './transport-channel.ts'

/** The parts that seeking a partner needs. */
export interface SeekPorts extends SyncPorts {
  /** Opens streams of the sync. */
  readonly dialer: Dialer
  /** Multiaddrs by which this side is reached; none if it does not listen. */
  readonly addresses: readonly string[]
  /** Hears how each try went. */
  readonly hear?: HearSync
}

/** A partner, and the tallies to sync with it. */
interface Wanted {
  readonly peerId: string
  /** All of this one partner. */
  readonly tallies: readonly TallyRecord[]
  readonly signal: AbortSignal
}

/**
 * Dials a partner, and syncs these tallies with it.
 * @throws PeerUnreachableError, WrongPeerError, ProtocolUnsupportedError, TransportClosedError, RelayLimitError, SyncFrameError, StoreError, the
 *   signal's reason
 */
export async function seekPartner(
  ports: SeekPorts,
  replicas: StoredReplicas,
  { peerId, tallies, signal }: Wanted,
): Promise<void> {
  const places = placesOf(ports.store, peerId, tallies)
  let ids = tallies.map(({ tallyId }) => tallyId)
  try {
    while (ids.length > 0) {
      const some = ids.slice(0, MAX_SYNC_TALLIES)
      const left = await exchange(ports, replicas, { peerId, places, signal }, some)
      ids = [...left, ...ids.slice(MAX_SYNC_TALLIES)]
    }
  } finally {
    await replicas.close()
  }
}

async function exchange(
  { dialer, addresses }: SeekPorts,
  replicas: StoredReplicas,
  { peerId, places, signal }: { peerId: string; places: readonly string[]; signal: AbortSignal },
  ids: readonly string[],
): Promise<readonly string[]> {
  const transport = await dialer.dial(peerId, places, signal)
  const giveUp = (): void => transport.reset()
  signal.addEventListener('abort', giveUp)
  try {
    const channel = new TransportChannel(transport)
    const left = await seekSync({ channel, replicas, addresses }, ids)
    await transport.close()
    return left
  } catch (error) {
    transport.reset()
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

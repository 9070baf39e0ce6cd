import { MAX_SYNC_TALLIES } from '../../protocol/sync/sync-limits.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import { seekSync } from '../../tally/sync/sync-exchange.ts'
import { placesOf } from '../tallies/partner-places.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import type { SyncPorts } from './replica-ports.ts'
import { StoredReplicas } from './stored-replicas.ts'
import { TransportChannel } from './transport-channel.ts'

/** The parts that seeking a partner needs. */
export interface SeekPorts extends SyncPorts {
  /** Opens streams of the sync. */
  readonly dialer: Dialer
  /** Multiaddrs by which this side is reached; none if it does not listen. */
  readonly addresses: readonly string[]
}

/** The result of meeting a partner. */
export interface PartnerMet {
  /** Tallies of which the partner has told its heads. */
  readonly met: ReadonlySet<string>
  /** Changes of the partner's that were taken, by tally. */
  readonly taken: ReadonlyMap<string, number>
}

/**
 * Dials a partner, and syncs these tallies with it.
 * @param tallies all of this one partner
 * @throws PeerUnreachableError, WrongPeerError, ProtocolUnsupportedError, TransportClosedError, SyncFrameError, StoreError, the
 *   signal's reason
 */
export async function seekPartner(
  ports: SeekPorts,
  peerId: string,
  tallies: readonly TallyRecord[],
  signal: AbortSignal,
): Promise<PartnerMet> {
  const replicas = new StoredReplicas(ports, peerId)
  const places = placesOf(ports.store, peerId, tallies)
  const ids = tallies.map(({ tallyId }) => tallyId)
  for (let from = 0; from < ids.length; from += MAX_SYNC_TALLIES) {
    await exchange(
      ports,
      replicas,
      { peerId, places, signal },
      ids.slice(from, from + MAX_SYNC_TALLIES),
    )
  }
  return replicas
}

async function exchange(
  { dialer, addresses }: SeekPorts,
  replicas: StoredReplicas,
  { peerId, places, signal }: { peerId: string; places: readonly string[]; signal: AbortSignal },
  ids: readonly string[],
): Promise<void> {
  const transport = await dialer.dial(peerId, places, signal)
  const giveUp = (): void => transport.reset()
  signal.addEventListener('abort', giveUp)
  try {
    await seekSync({ channel: new TransportChannel(transport), replicas, addresses }, ids)
    await transport.close()
  } catch (error) {
    transport.reset()
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

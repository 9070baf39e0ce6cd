import { MAX_SYNC_TALLIES } from '../../protocol/sync/sync-limits.ts'
import { RelayLimitError } from '../../session/errors.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import { seekSync } from '../../tally/sync/sync-exchange.ts'
import { placesOf } from '../tallies/partner-places.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import type { SyncPorts } from './replica-ports.ts'
import type { StoredReplicas } from './stored-replicas.ts'
import type { HearSync } from './sync-news.ts'
import { TransportChannel } from './transport-channel.ts'

/** Circuits of relays that one search for a partner uses up, one after the other, each as far as it carries. */
const MAX_CIRCUITS = 64

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
 * Dials a partner, and syncs these tallies with it; through relays over as many circuits as it takes.
 * @throws PeerUnreachableError, WrongPeerError, ProtocolUnsupportedError, TransportClosedError, RelayLimitError, SyncFrameError, StoreError, the
 *   signal's reason
 */
export async function seekPartner(
  ports: SeekPorts,
  replicas: StoredReplicas,
  { peerId, tallies, signal }: Wanted,
): Promise<void> {
  const places = await placesOf(ports.store, peerId, tallies)
  let ids = tallies.map(({ tallyId }) => tallyId)
  for (let circuits = 1; ids.length > 0; ) {
    const some = ids.slice(0, MAX_SYNC_TALLIES)
    const { progress } = replicas
    try {
      const left = await exchange(ports, replicas, { peerId, places, signal }, some)
      ids = [...left, ...ids.slice(MAX_SYNC_TALLIES)]
    } catch (error) {
      // What has gone over stays: the next circuit carries more. One that carried nothing would be followed by its like.
      const mayGoOn = replicas.progress > progress && circuits < MAX_CIRCUITS
      if (!(error instanceof RelayLimitError && mayGoOn)) throw error
      circuits += 1
    }
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

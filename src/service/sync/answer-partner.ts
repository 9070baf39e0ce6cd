import type { Transport } from '../../session/ports/transport.ts'
import { hostSync } from '../../tally/sync/sync-exchange.ts'
import type { SyncPorts } from './replica-ports.ts'
import { StoredReplicas } from './stored-replicas.ts'
import type { SyncNews } from './sync-news.ts'
import { TransportChannel } from './transport-channel.ts'

/**
 * Answers a partner who has come to sync, to the end of its stream.
 * @param addresses multiaddrs to tell it
 * @returns what has come of it. Never rejects
 */
export async function answerPartner(
  transport: Transport,
  ports: SyncPorts,
  addresses: readonly string[],
): Promise<Omit<SyncNews, 'peerId' | 'by'>> {
  const replicas = new StoredReplicas(ports, transport.remotePeer, () => transport.reset())
  try {
    const channel = new TransportChannel(transport)
    await hostSync({ channel, replicas, addresses })
    await transport.close()
    return { result: 'met', ...replicas.summary }
  } catch {
    // Cut short, or not understood: it begins anew from the heads. A store that fails is told by its own watch.
    transport.reset()
    return { result: 'cut', ...replicas.summary }
  }
}

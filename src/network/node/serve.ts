import type { Connection, Stream } from '@libp2p/interface'
import type { Transport } from '../../session/ports/transport.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { networkLimits } from '../base/limits.ts'
import { BOOTSTRAP_PROTOCOL } from '../stream/bootstrap-protocol.ts'
import { createTransport } from '../stream/stream-transport.ts'
import type { NetworkNode } from './node.ts'

/**
 * Hands every inbound bootstrap stream to `accept`, as a transport. If `accept` throws, that stream is reset,
 * and nothing else is harmed.
 * @returns stops accepting new streams; those open go on
 */
export async function serveBootstrap(
  node: NetworkNode,
  accept: (transport: Transport) => void,
  overrides: Partial<NetworkLimits> = {},
): Promise<() => Promise<void>> {
  const limits = networkLimits(overrides)
  const handler = (stream: Stream, connection: Connection): void => {
    // Ended by the other side in the very frame that opened it.
    if (stream.status !== 'open') return
    const transport = createTransport(stream, connection, limits)
    try {
      accept(transport)
    } catch {
      transport.reset()
    }
  }
  await node.handle(BOOTSTRAP_PROTOCOL, handler, {
    maxInboundStreams: limits.maxStreamsPerConnection,
    maxOutboundStreams: limits.maxStreamsPerConnection,
    // An exchange is some KB and seconds, and any relay carries more.
    runOnLimitedConnection: true,
  })
  return async () => await node.unhandle(BOOTSTRAP_PROTOCOL)
}

import type { Transport } from '../../session/ports/transport.ts'
import { type NetworkLimits, networkLimits } from '../base/limits.ts'
import type { NetworkNode } from '../node/node.ts'
import { serveStreams } from '../node/serve.ts'
import { LEGACY_BOOTSTRAP } from '../stream/wire-protocol.ts'
import { LegacyExchanges } from './legacy-exchanges.ts'

/**
 * Hands every exchange of an older peer to `accept`, as a transport of today's messages, as `serveBootstrap` does with
 * its own.
 */
export async function serveLegacy(
  node: NetworkNode,
  accept: (transport: Transport) => void,
  overrides: Partial<NetworkLimits> = {},
): Promise<() => Promise<void>> {
  const exchanges = new LegacyExchanges(accept)
  return await serveStreams(
    node,
    LEGACY_BOOTSTRAP,
    (transport, connection) => exchanges.take(transport, connection),
    networkLimits(overrides),
  )
}

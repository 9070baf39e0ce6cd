/** The listening side of the bare exchange, in a process of its own. Speaks to its parent by IPC. */

import { DEFAULT_NETWORK_LIMITS } from '../src/network/base/limits.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../src/network/identity/identity-key.ts'
import { createNode } from '../src/network/node/node.ts'
import { BARE_PROTOCOL, playExchange } from './bare-exchange.ts'
import { parseFrames } from './bare-frames.ts'
import { createPlainNode } from './plain-node.ts'
import { processUsage } from './process-usage.ts'

const [, , kind, frameList = ''] = process.argv
const frames = parseFrames(frameList)
const listen = ['/ip4/127.0.0.1/tcp/0']
const node =
  kind === 'plain'
    ? await createPlainNode(listen)
    : await createNode({ privateKey: privateKeyFromBytes(generatePrivateKeyBytes()), listen })
await node.handle(
  BARE_PROTOCOL,
  (stream) => {
    const { done, closed } = playExchange(stream, 'inviter', frames)
    // The client sees and counts a broken stream.
    done.catch(() => {})
    closed.catch(() => {})
  },
  { maxInboundStreams: DEFAULT_NETWORK_LIMITS.maxStreamsPerConnection },
)
process.on('message', ({ collect }: { readonly collect: boolean }) =>
  process.send?.(processUsage(collect)),
)
process.on('disconnect', () => process.exit())
process.send?.(node.getMultiaddrs().map(String))

/** The dialling side of the bare exchange, in a process of its own: runs the loads its parent sends. */
import { multiaddr } from '@multiformats/multiaddr'
import { generatePrivateKeyBytes, privateKeyFromBytes } from '../src/network/identity-key.ts'
import { DEFAULT_NETWORK_LIMITS } from '../src/network/limits.ts'
import type { NetworkNode } from '../src/network/node.ts'
import { createDialNode } from '../src/network/node.ts'
import { BARE_PROTOCOL, playExchange } from './bare-exchange.ts'
import { parseFrames } from './bare-frames.ts'
import type { Load } from './load.ts'
import type { Exchange } from './run-load.ts'
import { runLoad } from './run-load.ts'

const frames = parseFrames(process.argv[2] ?? '')
const server = multiaddr(process.argv[3])
const streamOptions = { maxOutboundStreams: DEFAULT_NETWORK_LIMITS.maxStreamsPerConnection }

async function dialNode(): Promise<NetworkNode> {
  return await createDialNode({ privateKey: privateKeyFromBytes(await generatePrivateKeyBytes()) })
}

const sharedNode = await dialNode()
/** libp2p joins dials of one node to one peer: connections made at once need nodes of their own. */
const idleNodes: NetworkNode[] = []

const onSharedConnection: Exchange = async () => {
  const connection = await sharedNode.dial(server)
  const stream = await connection.newStream(BARE_PROTOCOL, streamOptions)
  const { done, closed } = playExchange(stream, 'invitee', frames)
  await done
  return { rest: closed }
}

const onNewConnection: Exchange = async () => {
  const node = idleNodes.pop() ?? (await dialNode())
  const connection = await node.dial(server, { force: true })
  const stream = await connection.newStream(BARE_PROTOCOL, streamOptions)
  const { done, closed } = playExchange(stream, 'invitee', frames)
  await done
  const rest = closed.then(() => connection.close()).then(() => void idleNodes.push(node))
  return { rest }
}

process.on('message', (load: Load) => {
  const exchange = load.connection === 'shared' ? onSharedConnection : onNewConnection
  void runLoad(load, exchange).then((measured) => process.send?.(measured))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

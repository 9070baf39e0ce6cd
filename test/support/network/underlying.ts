import { multiaddr } from '@multiformats/multiaddr'
import { dialingNode, echo, listener } from './two-nodes.ts'

/** Both ends of a new connection between two nodes of ours, as their transport made them, below all encryption. */
export async function underlying(
  over: 'tcp' | 'ws',
): Promise<{ readonly inbound: object; readonly outbound: object }> {
  const host = await listener(echo)
  const guest = await dialingNode()
  const outbound = await guest.dial(multiaddr(`${host[over]}/p2p/${host.peer}`))
  while (host.node.getConnections().length === 0) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  const [inbound] = host.node.getConnections()
  return { inbound: below(inbound), outbound: below(outbound) }
}

function below(connection: unknown): object {
  const found: unknown =
    typeof connection === 'object' && connection !== null && Reflect.get(connection, 'maConn')
  if (typeof found !== 'object' || found === null) throw new TypeError('nothing is below')
  return found
}

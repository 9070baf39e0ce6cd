import { type MultiaddrConnection, TypedEventEmitter } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { networkLimits } from '../../../src/network/base/limits.ts'
import { createDialer } from '../../../src/network/dial/dial.ts'
import { ConnectionGate } from '../../../src/network/guard/connection-gate.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode, type NetworkNode } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import {
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../support/network/two-nodes.ts'

const nodes: NetworkNode[] = []

afterEach(async () => {
  await Promise.all(nodes.splice(0).map(async (node) => await stopNode(node)))
  await stopAll()
})

/** Several processes with one key, each with a connection of its own. */
async function samePeer(count: number): Promise<NetworkNode[]> {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const made = await Promise.all(
    Array.from({ length: count }, () => createDialNode({ privateKey })),
  )
  nodes.push(...made)
  return made
}

test('one peer can not have more connections than its share, and nobody else is hindered', async () => {
  const host = await listener(echo, { maxConnectionsPerPeer: 2 })
  const address = multiaddr(`${host.tcp}/p2p/${host.peer}`)
  const [first, second, third] = await samePeer(3)
  const kept = await Promise.all([first?.dial(address), second?.dial(address)])
  // What is denied after the handshake shows to the other side as a connection that ends.
  const denied = await third?.dial(address).catch(() => undefined)
  await expect.poll(() => denied?.status ?? 'closed').not.toBe('open')
  const other = new Ear(
    await createDialer(await dialingNode()).dial(host.peer, [host.tcp], patience()),
  )
  expect(other.heard).toEqual([])
  expect(kept.map((connection) => connection?.status)).toEqual(['open', 'open'])

  await kept[0]?.close()
  await expect.poll(() => host.node.getConnections().length).toBe(2)
  const later = await createDialer(third ?? host.node).dial(host.peer, [host.tcp], patience())
  expect(new Ear(later).heard).toEqual([])
})

test('this computer may have any number of connections to itself', async () => {
  const host = await listener(echo, { maxConnectionsPerHost: 1 })
  for (let guest = 0; guest < 4; guest += 1) {
    const node = await dialingNode()
    new Ear(await createDialer(node).dial(host.peer, [host.tcp], patience()))
  }
  expect(host.node.getConnections()).toHaveLength(4)
})

/** A connection as the gate sees it. */
class FromAddress extends TypedEventEmitter<Record<'close', Event>> {
  status = 'open'
  readonly remoteAddr: Multiaddr

  constructor(address: string) {
    super()
    this.remoteAddr = multiaddr(address)
  }

  close(): void {
    this.status = 'closed'
    this.dispatchEvent(new Event('close'))
  }
}

test('one host can not have more connections than its share, and gets a place back with each that ends', () => {
  const gate = new ConnectionGate(networkLimits({ maxConnectionsPerHost: 2 }))
  const from = (address: string) => {
    const connection = new FromAddress(address)
    // The gate looks at no more of a connection than this.
    const isDenied = gate.deniesHost(connection as unknown as MultiaddrConnection)
    return { connection, isDenied }
  }
  const first = from('/ip6/2001:db8:1:2::1/tcp/1')
  expect(first.isDenied).toBe(false)
  expect(from('/ip6/2001:db8:1:2::2/tcp/1').isDenied).toBe(false)
  expect(from('/ip6/2001:db8:1:2:9::3/tcp/1').isDenied).toBe(true)
  expect(from('/ip6/2001:db8:1:3::1/tcp/1').isDenied).toBe(false)
  first.connection.close()
  expect(from('/ip6/2001:db8:1:2::4/tcp/1').isDenied).toBe(false)
  expect(from('/ip6/2001:db8:1:2::5/tcp/1').isDenied).toBe(true)
})

test('a connection that is over before it is counted takes no place: nothing would give it back', () => {
  const gate = new ConnectionGate(networkLimits({ maxConnectionsPerHost: 1 }))
  const address = '/ip6/2001:db8:1:2::1/tcp/1'
  const over = new FromAddress(address)
  over.close()
  expect(gate.deniesHost(over as unknown as MultiaddrConnection)).toBe(true)
  expect(gate.deniesHost(new FromAddress(address) as unknown as MultiaddrConnection)).toBe(false)
})

import { generateKeyPair } from '@libp2p/crypto/keys'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { expect, it } from 'vitest'
import { recommendedLibp2pOptions } from '../../../src/network/node/node-options.ts'
import { nodeWarnings } from '../../../src/network/node/node-warnings.ts'
import { bareOptions } from '../../support/service/host-nodes.ts'

async function warningsOf(options: Libp2pOptions, guests: number): Promise<readonly string[]> {
  const node = await createLibp2p({ ...options, start: false })
  return nodeWarnings(node, guests)
}

it('a node as libp2p makes it is told of by the names of the limits that are too low', async () => {
  const warnings = await warningsOf(bareOptions(), 100)
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toContain('connectionManager.maxIncomingPendingConnections is 10 ')
  expect(warnings[1]).toContain('connectionManager.inboundConnectionThreshold is 5 ')
  const of1000 = await warningsOf(bareOptions(), 1_000)
  expect(of1000[0]).toContain('connectionManager.maxConnections is 300 ')
  expect(await warningsOf(bareOptions(), 5)).toEqual([])
})

it('a node with the recommended options is not told of, however many guests it takes', async () => {
  for (const listen of [[], ['/ip4/127.0.0.1/tcp/0'], ['/ip4/0.0.0.0/tcp/0/ws']])
    expect(await warningsOf(recommendedLibp2pOptions({ listen }), 1_000_000)).toEqual([])
})

it('a node whose key fits in no link is told of', async () => {
  const privateKey = await generateKeyPair('secp256k1')
  const [warning] = await warningsOf({ ...bareOptions(), privateKey }, 1)
  expect(warning).toContain('secp256k1')
})

it('a node that keeps its limits elsewhere is not told of', () => {
  const node = { peerId: { type: 'Ed25519' }, components: { connectionManager: {} } }
  expect(nodeWarnings(node as never, 100)).toEqual([])
  expect(nodeWarnings({ peerId: node.peerId } as never, 100)).toEqual([])
})

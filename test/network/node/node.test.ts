import { afterEach, expect, test } from 'vitest'
import { ListenAddressError } from '../../../src/network/address/addresses.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { listener, stopAll } from '../../support/network/two-nodes.ts'

afterEach(stopAll)

test('a node tells where it listens, without its peer id', async () => {
  const host = await listener(() => undefined)
  expect(nodeAddresses(host.node).sort()).toEqual([host.tcp, host.ws].sort())
  expect(host.tcp).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/[1-9]\d*$/)
  expect(host.ws).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/[1-9]\d*\/ws$/)
})

test('a node tells the announced addresses instead when there are any', async () => {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const announce = ['/dns4/shop.example/tcp/4001']
  const node = await createNode({ privateKey, listen: ['/ip4/127.0.0.1/tcp/0'], announce })
  expect(nodeAddresses(node)).toEqual(announce)
  expect(await stopNode(node)).toBe(true)
})

test('an address that can not be listened on is refused before anything starts', async () => {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const creating = createNode({ privateKey, listen: ['/dns/example.org/tcp/1'] })
  await expect(creating).rejects.toThrow(ListenAddressError)
})

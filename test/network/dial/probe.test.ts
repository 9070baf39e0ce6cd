import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { probeAddresses } from '../../../src/network/dial/probe.ts'
import { echo, listener, stopAll } from '../../support/network/two-nodes.ts'

afterEach(stopAll)

/** Generous: no test below waits for it but the one that has to. */
const PATIENCE_MS = 20_000

async function portOf(onConnection: () => void): Promise<{ address: string; close(): void }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { address: `/ip4/127.0.0.1/tcp/${port}`, close: () => server.close() }
}

test('a listener is met at each of its addresses, and no stream is opened for that', async () => {
  let streams = 0
  const { node, peer, tcp, ws } = await listener((transport) => {
    streams += 1
    echo(transport)
  })
  expect(await probeAddresses(peer, [tcp, ws], PATIENCE_MS)).toEqual([
    { address: tcp },
    { address: ws },
  ])
  expect(streams).toBe(0)
  await expect.poll(() => node.getConnections()).toEqual([])
})

test('each address is judged for itself', async () => {
  const { peer, tcp } = await listener(echo)
  const other = await listener(echo)
  const closed = await portOf(() => undefined)
  closed.close()
  expect(await probeAddresses(peer, [closed.address, tcp, other.tcp], PATIENCE_MS)).toEqual([
    // A connection may still be taken by a server that is just going.
    { address: closed.address, problem: expect.stringMatching(/nobody listens there|was cut/) },
    { address: tcp },
    { address: other.tcp, problem: 'somebody else answers there' },
  ])
})

test('who accepts and says nothing is given up', async () => {
  const { peer } = await listener(echo)
  const { address } = await portOf(() => undefined)
  expect(await probeAddresses(peer, [address], 300)).toEqual([
    { address, problem: 'no answer in time' },
  ])
})

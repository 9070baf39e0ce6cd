import { afterEach, expect, test } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  bytes,
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../support/network/two-nodes.ts'

afterEach(stopAll)

test('a connection that carries nothing is closed, one with a stream is kept', async () => {
  const host = await listener(echo, { idleConnectionMs: 100 })
  const [busyNode, idleNode] = await Promise.all([dialingNode(), dialingNode()])
  const busy = await createDialer(busyNode).dial(host.peer, [host.tcp], patience())
  const busyEar = new Ear(busy)
  const done = await createDialer(idleNode).dial(host.peer, [host.tcp], patience())
  new Ear(done)
  await done.close()
  expect(host.node.getConnections()).toHaveLength(2)

  await expect.poll(() => idleNode.getConnections().length, { timeout: 10_000 }).toBe(0)
  await busy.send(bytes('still here'))
  await busyEar.untilFrames(1)
  expect(host.node.getConnections().map((one) => one.remotePeer.toString())).toEqual([
    busyNode.peerId.toString(),
  ])
})

import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { DEFAULT_NETWORK_LIMITS } from '../../../../src/network/base/limits.ts'
import { createDialer } from '../../../../src/network/dial/dial.ts'
import { muxerMethod } from '../../../support/network/muxer-method.ts'
import {
  bytes,
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../../support/network/two-nodes.ts'

afterEach(stopAll)

/** Sixteen of them are a window. */
const CHUNK_BYTES = 16_384

/** Of each frame that a connection's muxer sends: 0 is data, 1 a window update. */
function sentTypes(connection: Connection): number[] {
  const types: number[] = []
  const { muxer, call } = muxerMethod(connection, 'sendFrame')
  Reflect.set(muxer, 'sendFrame', (header: { readonly type: number }, data: unknown): unknown => {
    types.push(header.type)
    return call(header, data)
  })
  return types
}

test('a short exchange renews no window, and opens its stream with its first data', async () => {
  const host = await listener(echo)
  const node = await dialingNode()
  const dialer = createDialer(node)
  await (await dialer.dial(host.peer, [host.tcp], patience())).close()
  const [ours, theirs] = [...node.getConnections(), ...host.node.getConnections()].map(sentTypes)
  const transport = await dialer.dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  for (const [index, message] of ['one', 'two'].entries()) {
    await transport.send(bytes(message))
    await ear.untilFrames(index + 1)
  }
  await transport.close()
  // The negotiation, both messages, and the end, which yamux says in a window update.
  expect(ours).toEqual([0, 0, 0, 1])
  expect(theirs?.filter((type) => type === 1)).toHaveLength(1)
})

test('a long one renews its window in time', async () => {
  const total = 16 * DEFAULT_NETWORK_LIMITS.streamBufferBytes
  const host = await listener(echo)
  let received = 0
  let heard = Promise.withResolvers<void>()
  await host.node.handle('/bulk/1', (stream) => {
    stream.addEventListener('message', ({ data }) => {
      received += data.byteLength
      if (received % CHUNK_BYTES === 0) heard.resolve()
    })
  })
  const node = await dialingNode()
  const connection = await node.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
  await (await connection.newStream('/bulk/1', { signal: patience() })).close()
  const theirs = host.node.getConnections().map(sentTypes)
  const stream = await connection.newStream('/bulk/1', { signal: patience() })
  for (let sent = 0; sent < total; sent += CHUNK_BYTES) {
    heard = Promise.withResolvers()
    stream.send(new Uint8Array(CHUNK_BYTES))
    await heard.promise
  }
  const renewed = theirs.flat().filter((type) => type === 1).length
  expect(renewed).toBeGreaterThan(14)
  expect(renewed).toBeLessThan(40)
  await stream.close()
})

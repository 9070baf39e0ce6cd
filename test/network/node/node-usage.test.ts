import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test, vi } from 'vitest'
import { nodeUsage } from '../../../src/network/node/node-usage.ts'
import { BOOTSTRAP_PROTOCOL } from '../../../src/network/stream/bootstrap-protocol.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { dialingNode, echo, listener, stopAll } from '../../support/network/two-nodes.ts'

afterEach(stopAll)

test('the part of a frame that has come counts as buffered until the frame is whole', async () => {
  const host = await listener(echo)
  const guest = await dialingNode()
  const stream = await guest.dialProtocol(
    multiaddr(`${host.tcp}/p2p/${host.peer}`),
    BOOTSTRAP_PROTOCOL,
  )
  const frame = encodeFrame(new Uint8Array(30_000))
  const rest = 5_000
  stream.send(frame.subarray(0, frame.length - rest))
  await vi.waitFor(() => expect(nodeUsage(host.node).bufferedBytes).toBe(30_000 - rest))
  expect(nodeUsage(host.node)).toMatchObject({ connections: 1, streams: 1 })
  stream.send(frame.subarray(frame.length - rest))
  await vi.waitFor(() => expect(nodeUsage(host.node).bufferedBytes).toBe(0))
  stream.abort(new Error('enough'))
  await vi.waitFor(() => expect(nodeUsage(host.node).streams).toBe(0))
})

import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test, vi } from 'vitest'
import { DEFAULT_NETWORK_LIMITS, networkLimits } from '../../../../src/network/base/limits.ts'
import { ProbeConnection } from '../../../../src/network/patch/check-connections.ts'
import { guardedMuxer } from '../../../../src/network/patch/muxer/guarded-muxer.ts'
import { BOOTSTRAP_PROTOCOL } from '../../../../src/network/stream/bootstrap-protocol.ts'
import { dialingNode, echo, listener, stopAll } from '../../../support/network/two-nodes.ts'
import { yamuxFrame } from '../../../support/network/yamux-frame.ts'

afterEach(stopAll)

const GREETING = Buffer.from(`\x13/multistream/1.0.0\n\x18${BOOTSTRAP_PROTOCOL}\n`)
const HEADER_BYTES = 12

/**
 * A muxer on a connection to nobody, of a node that serves these protocols.
 * @param isEarly its connection is not open yet: nobody takes streams until `listen`
 */
function muxerOf(protocols: readonly string[], isEarly = false) {
  const connection = new ProbeConnection()
  const sent: Buffer[] = []
  const sendData = connection.sendData.bind(connection)
  connection.sendData = (data: { readonly byteLength: number } & { subarray(): Uint8Array }) => {
    sent.push(Buffer.from(data.subarray()))
    return sendData(data)
  }
  const registrar = { getProtocols: () => protocols }
  const muxer = guardedMuxer(networkLimits())({ registrar }).createStreamMuxer(connection)
  const streams: { readonly stream: Stream; readonly protocol: string }[] = []
  const told: Buffer[] = []
  const listen = () =>
    muxer.addEventListener('stream', ({ detail: stream }) => {
      streams.push({ stream, protocol: stream.protocol })
      stream.addEventListener('message', ({ data }) => told.push(Buffer.from(data.subarray())))
    })
  if (!isEarly) listen()
  return { connection, muxer, sent, streams, told, listen }
}

function opened(data: Buffer, flag = 1): Buffer {
  return yamuxFrame({ type: 0, flag, stream: 1, data })
}

test('a frame that opens a stream and asks for a bootstrap is answered at once, in one frame', () => {
  const { connection, sent, streams, told } = muxerOf(['/other', BOOTSTRAP_PROTOCOL])
  connection.onData(opened(Buffer.concat([GREETING, Buffer.from('rest')])))
  expect(streams).toMatchObject([{ protocol: BOOTSTRAP_PROTOCOL }])
  expect(Buffer.concat(sent).subarray(HEADER_BYTES)).toEqual(GREETING)
  expect(Buffer.concat(told).toString()).toBe('rest')
  connection.onData(yamuxFrame({ type: 0, stream: 1, data: Buffer.from(' of it') }))
  expect(Buffer.concat(told).toString()).toBe('rest of it')
})

test.each<[string, readonly string[], Buffer]>([
  ['to a node that serves no bootstraps', ['/other'], GREETING],
  ['that is not whole', [BOOTSTRAP_PROTOCOL], GREETING.subarray(0, -1)],
  ['for another protocol', [BOOTSTRAP_PROTOCOL], Buffer.from(`${GREETING}`.replace('2.0', '3.0'))],
  ['whose length is not the shortest', [BOOTSTRAP_PROTOCOL], longLength()],
])('a greeting %s is left to libp2p, byte for byte', (_what, protocols, greeting) => {
  const { connection, sent, streams, told } = muxerOf(protocols)
  connection.onData(opened(greeting))
  expect(streams).toMatchObject([{ protocol: '' }])
  expect(sent).toEqual([])
  expect(Buffer.concat(told)).toEqual(greeting)
})

test('a greeting that can not be answered any more makes no stream of ours', () => {
  const { connection, streams, told } = muxerOf([BOOTSTRAP_PROTOCOL])
  connection.sendData = () => {
    throw new Error('closing')
  }
  connection.onData(opened(GREETING))
  expect(streams).toMatchObject([{ protocol: '', stream: { status: 'aborted' } }])
  expect(told).toEqual([])
})

test('a greeting in a later frame than the first is left to libp2p', () => {
  const { connection, streams, told } = muxerOf([BOOTSTRAP_PROTOCOL])
  connection.onData(yamuxFrame({ type: 1, flag: 1, stream: 1 }))
  connection.onData(opened(GREETING, 0))
  expect(streams).toMatchObject([{ protocol: '' }])
  expect(Buffer.concat(told)).toEqual(GREETING)
})

test('a greeting that comes before the connection is open is not answered, and may hold no more than other streams', async () => {
  const { connection, muxer, sent, streams, told, listen } = muxerOf([BOOTSTRAP_PROTOCOL], true)
  connection.onData(opened(GREETING))
  expect(sent).toEqual([])
  listen()
  await Promise.resolve()
  expect(streams).toMatchObject([{ protocol: '' }])
  await vi.waitFor(() => expect(Buffer.concat(told)).toEqual(GREETING))
  const early = muxerOf([BOOTSTRAP_PROTOCOL], true)
  early.connection.onData(opened(GREETING))
  const more = Buffer.alloc(DEFAULT_NETWORK_LIMITS.maxUnnegotiatedBytes)
  early.connection.onData(yamuxFrame({ type: 0, stream: 1, data: more }))
  expect(early.muxer.streams).toEqual([])
  expect(muxer.streams).toHaveLength(1)
})

test('two nodes agree on a bootstrap, and on nothing once the listener serves none', async () => {
  const accepted = vi.fn(echo)
  const host = await listener(accepted)
  const guest = await dialingNode()
  const connection = await guest.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
  const stream = await connection.newStream(BOOTSTRAP_PROTOCOL)
  expect(stream.protocol).toBe(BOOTSTRAP_PROTOCOL)
  await vi.waitFor(() => expect(accepted).toHaveBeenCalledTimes(1))
  await host.node.unhandle(BOOTSTRAP_PROTOCOL)
  await expect(connection.newStream(BOOTSTRAP_PROTOCOL)).rejects.toMatchObject({
    name: 'UnsupportedProtocolError',
  })
})

/** The first length in two bytes. */
function longLength(): Buffer {
  return Buffer.concat([Buffer.of(0x93, 0x00), GREETING.subarray(1)])
}

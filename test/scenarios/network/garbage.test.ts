import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import type { NetworkLimits } from '../../../src/network/base/limits.ts'
import { DEFAULT_NETWORK_LIMITS } from '../../../src/network/base/limits.ts'
import { createDialer } from '../../../src/network/dial/dial.ts'
import { BOOTSTRAP_PROTOCOL } from '../../../src/network/stream/bootstrap-protocol.ts'
import type { FrameProblem } from '../../../src/protocol/errors.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import {
  bytes,
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../support/network/two-nodes.ts'

const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await stopAll()
})

/** Bytes that may come before a protocol: an honest negotiation has 50. */
const MOST = 256

// So long that only the guard can be what ends the stream or connection.
const NEVER: Partial<NetworkLimits> = {
  upgradeTimeoutMs: 60_000,
  negotiationTimeoutMs: 60_000,
  maxUnnegotiatedBytes: MOST,
}

const GREETING = line('/multistream/1.0.0')

function line(words: string): Buffer {
  return Buffer.concat([Buffer.of(words.length + 1), Buffer.from(`${words}\n`)])
}

/** One connection to a listener, with an exchange on it that must go on whatever others do. */
async function honest(host: { peer: string; tcp: string }): Promise<() => Promise<void>> {
  const guest = createDialer(await dialingNode())
  const transport = await guest.dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  let count = 0
  return async () => {
    await transport.send(bytes(`still ${++count}`))
    await ear.untilFrames(count)
    const fresh = new Ear(await guest.dial(host.peer, [host.tcp], patience()))
    expect(fresh.heard).toEqual([])
    expect(ear.heard.at(-1)).toEqual({ frame: `still ${count}` })
  }
}

/** Sends bytes to a port; resolves when the other side ends the connection. */
async function sendRaw(address: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const socket = connect(Number(address.split('/')[4]), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined).resume()
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  for (const chunk of chunks) {
    if (socket.destroyed) break
    socket.write(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  await closed
}

/** As many chunks as are more than may come before a protocol, by less than one of them. */
function oneTooMany(chunk: Uint8Array, before: readonly Uint8Array[] = []): readonly Uint8Array[] {
  const left = before.reduce((sum, { length }) => sum - length, MOST)
  return [...before, ...Array.from({ length: Math.floor(left / chunk.length) + 1 }, () => chunk)]
}

const RAW: readonly (readonly [string, readonly Uint8Array[]])[] = [
  ['a length of one byte too many', [Buffer.of(0x80, 0x80)]],
  ['a length of one byte too many after the greeting', [GREETING, Buffer.of(0xff, 0xff)]],
  ['a line one byte longer than may come', [Buffer.of(0xff, 0x01)]],
  ['a line of nothing', [Buffer.of(0)]],
  ['one unknown protocol too many', oneTooMany(line(`/x/${'y'.repeat(60)}`), [GREETING])],
  ['one greeting too many', oneTooMany(GREETING)],
  ['a chunk one byte longer than may come', [Buffer.alloc(MOST + 1, 0x01)]],
  ['noise that is none', [Buffer.concat([GREETING, line('/noise')]), Buffer.alloc(516, 0x02)]],
  ['a web page request', [Buffer.from(`GET / HTTP/1.1\r\nHost: ${'a'.repeat(90)}\r\n\r\n`)]],
]

test.each(RAW)('before encryption, %s ends that connection alone', async (_, chunks) => {
  const host = await listener(echo, NEVER)
  const goOn = await honest(host)
  await sendRaw(host.tcp, chunks)
  await goOn()
  expect(host.node.getConnections()).toHaveLength(1)
})

test.each(RAW)('inside a WebSocket, %s ends that connection alone', async (_, chunks) => {
  const host = await listener(echo, NEVER)
  const goOn = await honest(host)
  const socket = new WebSocket(`ws://127.0.0.1:${host.ws.split('/')[4]}`)
  const ended = new Promise((resolve) => socket.addEventListener('close', resolve))
  await once(socket, 'open')
  for (const chunk of chunks) socket.send(Uint8Array.from(chunk))
  await ended
  await goOn()
})

test('random bytes of all lengths end their own connections alone', async () => {
  const host = await listener(echo, { ...NEVER, upgradeTimeoutMs: 1_000 })
  const goOn = await honest(host)
  const lengths = Array.from({ length: 30 }, (_, index) => 2 ** (index % 13))
  const sent = lengths.map(async (length, index) =>
    sendRaw(index % 2 === 0 ? host.tcp : host.ws, [randomBytes(length)]),
  )
  await goOn()
  await Promise.all(sent)
  await goOn()
})

test.each(['tcp', 'ws'] as const)(
  'silent %s sockets are shed, and lock nobody out',
  async (kind) => {
    const host = await listener(echo, { upgradeTimeoutMs: 500 })
    const goOn = await honest(host)
    const shed = Array.from({ length: 50 }, async () => await sendRaw(host[kind], []))
    await goOn()
    await Promise.all(shed)
  },
)

test('sockets that send half a web request are shed', async () => {
  const host = await listener(echo, { upgradeTimeoutMs: 500 })
  await sendRaw(host.ws, [Buffer.from('GET / HTTP/1.1\r\nUpgrade: webso')])
})

test('sockets that send a web request byte by byte are shed, however fast the bytes follow each other', async () => {
  const host = await listener(echo, { upgradeTimeoutMs: 500 })
  const goOn = await honest(host)
  const socket = connect(Number(host.ws.split('/')[4]), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => undefined).resume()
  let hasEnded = false
  socket.on('close', () => {
    hasEnded = true
  })
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nX: ')
  const began = performance.now()
  while (!hasEnded && performance.now() - began < 10_000) {
    socket.write('a')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(hasEnded).toBe(true)
  await goOn()
})

test('a WebSocket message one byte longer than any may be ends that connection alone', async () => {
  const host = await listener(echo, NEVER)
  const goOn = await honest(host)
  const socket = new WebSocket(`ws://127.0.0.1:${host.ws.split('/')[4]}`)
  await once(socket, 'open')
  socket.send(new Uint8Array(DEFAULT_NETWORK_LIMITS.maxWebSocketMessageBytes + 1))
  const [event] = await once(socket, 'close')
  expect(event).toMatchObject({ code: 1009 })
  await goOn()
})

interface RawMuxer {
  createStream(): Promise<Stream>
}

/** A stream of an authenticated peer on which nothing was negotiated. */
async function rawStream(connection: Connection): Promise<Stream> {
  const muxer: unknown = Reflect.get(connection, 'muxer')
  if (!isMuxer(muxer)) throw new Error('no muxer')
  return await muxer.createStream()
}

function isMuxer(value: unknown): value is RawMuxer {
  return typeof value === 'object' && value !== null && 'createStream' in value
}

async function closed(stream: Stream): Promise<void> {
  if (stream.status !== 'open') return
  await new Promise((resolve) => stream.addEventListener('close', resolve))
}

const UNNEGOTIATED: readonly (readonly [string, readonly Uint8Array[]])[] = [
  ['a length of one byte too many', [Buffer.of(0x80), Buffer.of(0x80), Buffer.of(0x80)]],
  ['a length of one byte too many after the greeting', [GREETING, Buffer.of(0xff, 0xff, 0xff)]],
  ['one unknown protocol too many', oneTooMany(line(`/x/${'y'.repeat(60)}`), [GREETING])],
  ['one greeting too many', oneTooMany(GREETING)],
  ['a chunk one byte longer than may come', [Buffer.alloc(MOST + 1, 0x01)]],
]

test.each(UNNEGOTIATED)(
  'on a stream without protocol, %s ends that stream alone',
  async (_, chunks) => {
    const host = await listener(echo, NEVER)
    const goOn = await honest(host)
    const node = await dialingNode(NEVER)
    const connection = await node.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
    const streams = await Promise.all(
      Array.from({ length: 3 }, async () => await rawStream(connection)),
    )
    for (const stream of streams) {
      // Read the answers, or they hold the host back.
      stream.addEventListener('message', () => undefined)
      for (const chunk of chunks) if (stream.status === 'open') stream.send(chunk)
    }
    await Promise.all(streams.map(async (stream) => await closed(stream)))
    await goOn()
    // The rest of the same connection is sound.
    const same = await createDialer(node).dial(host.peer, [host.tcp], patience())
    const ear = new Ear(same)
    await same.send(bytes('me too'))
    await ear.untilFrames(1)
  },
)

const BAD_FRAMES: readonly (readonly [string, FrameProblem, readonly number[]])[] = [
  ['a prefix of one byte too many', 'long_prefix', [0x80, 0x80, 0x80, 0x01]],
  ['an empty frame', 'zero_length', [0]],
  ['an oversize frame', 'oversize', [0x81, 0x80, 0x04]],
]

test.each(BAD_FRAMES)(
  '%s is told as a problem after the frames before it',
  async (_, problem, bad) => {
    const accepted: { transport: Transport; ear: Ear }[] = []
    const host = await listener((transport) => {
      accepted.push({ transport, ear: new Ear(transport) })
    })
    const node = await dialingNode()
    const connection = await node.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
    const stream = await connection.newStream([BOOTSTRAP_PROTOCOL])
    stream.send(Buffer.concat([Buffer.of(2), Buffer.from('ok'), Buffer.from(bad)]))
    await expect.poll(() => accepted[0]?.ear.heard).toEqual([{ frame: 'ok' }, { problem }])
    stream.send(Buffer.concat([Buffer.of(4), Buffer.from('more')]))
    await stream.close()
    await expect.poll(() => accepted[0]?.ear.heard.at(-1)).toBe('ended')
    expect(accepted[0]?.ear.heard).toEqual([{ frame: 'ok' }, { problem }, 'ended'])
    accepted[0]?.transport.reset()
    await closed(stream)
  },
)

test('a stream that ends inside a frame is told as truncated', async () => {
  const ears: Ear[] = []
  const host = await listener((transport) => ears.push(new Ear(transport)))
  const node = await dialingNode()
  const connection = await node.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
  const stream = await connection.newStream([BOOTSTRAP_PROTOCOL])
  stream.send(Buffer.concat([Buffer.of(10), Buffer.from('half')]))
  await stream.close()
  await expect.poll(() => ears[0]?.heard).toEqual([{ problem: 'truncated' }, 'ended'])
})

test('frames cut into single bytes arrive whole', async () => {
  const ears: Ear[] = []
  const host = await listener((transport) => ears.push(new Ear(transport)))
  const node = await dialingNode()
  const connection = await node.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
  const stream = await connection.newStream([BOOTSTRAP_PROTOCOL])
  for (const byte of Buffer.concat([
    Buffer.of(3),
    Buffer.from('one'),
    Buffer.of(3),
    Buffer.from('two'),
  ])) {
    stream.send(Uint8Array.of(byte))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await expect.poll(() => ears[0]?.heard).toEqual([{ frame: 'one' }, { frame: 'two' }])
})

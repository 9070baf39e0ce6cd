import { connect } from 'node:net'
import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import {
  HOP_PROTOCOL,
  STATUS,
  STOP_PROTOCOL,
} from '../../../src/network/circuit/circuit-protocol.ts'
import { readMessage, sendMessage } from '../../../src/network/circuit/message-stream.ts'
import { reservePlace } from '../../../src/network/relay/ask-relay.ts'
import {
  connectBytes,
  readRelayAnswer,
  reserveBytes,
} from '../../../src/network/relay/circuit-messages.ts'
import {
  ANYBODY,
  dialThrough,
  echoed,
  echoOn,
  reserveAt,
  startRelay,
  stockNode,
  stopRelays,
  type TestRelay,
} from '../../support/network/relay-nodes.ts'

afterEach(stopRelays)

/** Generous: a bound for a hang. */
const patience = () => AbortSignal.timeout(30_000)

async function connected({ address }: TestRelay): Promise<Connection> {
  return await (await stockNode()).dial(multiaddr(address))
}

async function hop(connection: Connection): Promise<Stream> {
  return await connection.newStream(HOP_PROTOCOL, { maxOutboundStreams: 1_000 })
}

async function over(stream: Stream): Promise<string> {
  await expect.poll(() => stream.status, { timeout: 20_000 }).not.toBe('open')
  return stream.status
}

/** Two honest stock nodes meet through the relay. */
async function serves(relay: TestRelay): Promise<void> {
  const [host, guest] = await Promise.all([stockNode(), stockNode()])
  await echoOn(host)
  await reserveAt(host, relay.address)
  const connection = await dialThrough(guest, relay.address, host)
  expect(await echoed(connection, new Uint8Array(10_000))).toBe(10_000)
  await connection.close()
}

test.each([
  ['a message one byte longer than is read', Uint8Array.of(0x81, 0x20)],
  ['a length one byte longer than any', Uint8Array.of(0x80, 0x80)],
])('%s is the end of its stream at once, and of nothing else', async (_what, bytes) => {
  const relay = await startRelay(ANYBODY)
  const connection = await connected(relay)
  const stream = await hop(connection)
  stream.send(bytes)
  expect(await over(stream)).toBe('reset')
  expect(connection.status).toBe('open')
  await serves(relay)
})

test.each([
  ['no type', Uint8Array.of(0x10, 0x01), STATUS.malformedMessage],
  ['a field that is cut off', Uint8Array.of(0x0a, 0x05), STATUS.malformedMessage],
  ['a request for nobody', Uint8Array.of(0x08, 0x01), STATUS.malformedMessage],
  ['an id longer than any', connectBytes(new Uint8Array(65)), STATUS.malformedMessage],
  ['an answer', Uint8Array.of(0x08, 0x02), STATUS.unexpectedMessage],
  ['a request for somebody unknown', connectBytes(new Uint8Array(64)), STATUS.noReservation],
])('%s is answered as what it is', async (_what, message, status) => {
  const relay = await startRelay(ANYBODY)
  const stream = await hop(await connected(relay))
  sendMessage(stream, message)
  expect(readRelayAnswer(await readMessage(stream, patience())).status).toBe(status)
})

test('who asks nothing is cut off when the time is up, and who does not close after the answer too', async () => {
  const relay = await startRelay(ANYBODY, { requestMs: 500 })
  const connection = await connected(relay)
  const [silent, unclosed] = [await hop(connection), await hop(connection)]
  sendMessage(unclosed, reserveBytes())
  expect(await over(silent)).toBe('reset')
  expect(await over(unclosed)).toBe('reset')
  await expect.poll(() => relay.node.getConnections()[0]?.streams.length).toBe(0)
})

test('a flood of requests gets no further than its budget, and holds up nobody', async () => {
  const relay = await startRelay(ANYBODY, { maxRequestsAtOnce: 8 })
  const connection = await connected(relay)
  const asked = Array.from({ length: 200 }, () => reservePlace(connection, patience()))
  const flood = Promise.allSettled(asked)
  await serves(relay)
  const answers = await flood
  const served = answers.filter(({ status }) => status === 'fulfilled').length
  expect(served).toBeGreaterThan(0)
  // One more for each second that it took.
  expect(served).toBeLessThan(40)
  expect(relay.server.usage.reservations).toBe(2)
})

test('more silent requests than one connection may have are refused, and others are served', async () => {
  const relay = await startRelay(ANYBODY, { maxCircuitsFromPeer: 1, maxRequestsAtOnce: 100 })
  const connection = await connected(relay)
  const opened = await Promise.allSettled(Array.from({ length: 20 }, () => hop(connection)))
  const streams = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  await expect.poll(() => streams.filter(({ status }) => status === 'open').length).toBeLessThan(9)
  await serves(relay)
})

test('a reserved peer that takes no circuit costs those who call it, and nobody else', async () => {
  const relay = await startRelay(ANYBODY, { requestMs: 3_000, maxCircuitsToPeer: 2 })
  const stalling = await stockNode()
  // Takes the stream, and says nothing.
  await stalling.unhandle(STOP_PROTOCOL)
  await stalling.handle(STOP_PROTOCOL, () => undefined, { maxInboundStreams: 100 })
  await reservePlace(await stalling.dial(multiaddr(relay.address)), patience())
  const callers = await Promise.all(Array.from({ length: 4 }, () => stockNode()))
  const calls = Promise.allSettled(
    callers.map(async (caller) => await dialThrough(caller, relay.address, stalling)),
  )
  await expect.poll(() => relay.server.usage.refused.busy, { timeout: 10_000 }).toBe(2)
  expect(relay.server.usage.circuits).toBe(2)
  await serves(relay)
  const ends = (await calls).map((call) => (call.status === 'rejected' ? String(call.reason) : ''))
  expect(ends.filter((text) => text.includes('RESOURCE_LIMIT_EXCEEDED'))).toHaveLength(2)
  expect(ends.filter((text) => text.includes('CONNECTION_FAILED'))).toHaveLength(2)
  expect(relay.server.usage).toMatchObject({ circuits: 0, refused: { not_taken: 2 } })
})

test('a caller that leaves before the circuit is there gives its place back', async () => {
  const relay = await startRelay(ANYBODY)
  const stalling = await stockNode()
  await stalling.unhandle(STOP_PROTOCOL)
  await stalling.handle(STOP_PROTOCOL, () => undefined)
  await reservePlace(await stalling.dial(multiaddr(relay.address)), patience())
  const connection = await connected(relay)
  const stream = await hop(connection)
  sendMessage(stream, connectBytes(stalling.peerId.toMultihash().bytes))
  await expect.poll(() => relay.server.usage.circuits).toBe(1)
  await connection.close()
  await expect.poll(() => relay.server.usage.circuits).toBe(0)
})

test('a crowd of silent sockets and of connections that ask nothing keeps nobody from meeting', async () => {
  const relay = await startRelay(ANYBODY)
  const [, port] = /tcp\/(\d+)/.exec(relay.address) ?? []
  const sockets = Array.from({ length: 300 }, () => connect(Number(port), '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => undefined)
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  await Promise.all(Array.from({ length: 20 }, () => connected(relay)))
  await serves(relay)
})

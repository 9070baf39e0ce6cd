import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { STOP_PROTOCOL } from '../../../src/network/circuit/circuit-protocol.ts'
import { readMessage, sendMessage } from '../../../src/network/circuit/message-stream.ts'
import { nodeUsage } from '../../../src/network/node/node-usage.ts'
import { connectBeyond, reservePlace } from '../../../src/network/relay/ask-relay.ts'
import { takenBytes } from '../../../src/network/relay/circuit-messages.ts'
import { Circuit } from '../../../src/network/relay-server/circuit.ts'
import {
  ANYBODY,
  startRelay,
  stockNode,
  stopRelays,
  type TestRelay,
} from '../../support/network/relay-nodes.ts'
import { dialingNode, stopAll } from '../../support/network/two-nodes.ts'

afterEach(async () => {
  await stopRelays()
  await stopAll()
})

const patience = () => AbortSignal.timeout(60_000)

/** Both ends of a circuit, bare: what one sends, the other gets. */
async function bothEnds(
  limits: Parameters<typeof startRelay>[1] = {},
  way: (address: string) => string = (address) => address,
) {
  const relay = await startRelay(ANYBODY, limits)
  // With windows of ours, which do not grow: what is not read stays with the relay.
  const [host, guest] = await Promise.all([dialingNode(), stockNode()])
  const taken = Promise.withResolvers<Stream>()
  await host.handle(STOP_PROTOCOL, async (stream) => {
    await readMessage(stream, patience())
    sendMessage(stream, takenBytes())
    taken.resolve(stream)
  })
  await reservePlace(await host.dial(multiaddr(way(relay.address))), patience())
  const connection = await guest.dial(multiaddr(relay.address))
  const { stream } = await connectBeyond(connection, host.peerId, patience())
  return { relay, host, caller: stream, called: await taken.promise }
}

/** Sends all of it, as fast as the stream takes it, then closes. */
async function sendAll(stream: Stream, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += 16_384) {
    if (stream.send(bytes.subarray(at, at + 16_384))) continue
    await new Promise((resolve) => stream.addEventListener('drain', resolve, { once: true }))
  }
  await stream.close()
}

/** Gathers what comes, pausing after each piece if wanted, until the other side has said all. */
async function received(stream: Stream, pauseMs = 0): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const end = Promise.withResolvers<void>()
  stream.addEventListener('message', ({ data }) => {
    pieces.push(data.subarray().slice())
    if (pauseMs === 0 || stream.readStatus !== 'readable') return
    stream.pause()
    setTimeout(() => goOn(stream), pauseMs)
  })
  // Also comes when it is reset, and not before what waits in a paused stream was told.
  stream.addEventListener('end', () => end.resolve())
  await end.promise
  return Buffer.concat(pieces)
}

function goOn(stream: Stream): void {
  try {
    stream.resume()
  } catch {
    // With its connection gone it can't tell that it goes on; what it held was told before.
  }
}

function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 2_654_435_761) >>> 24)
}

test('both directions arrive whole and in order, also where the reader is slow and the end comes at once behind', async () => {
  const { relay, caller, called } = await bothEnds()
  const [there, back] = [noise(900_000), noise(700_000).reverse()]
  const got = Promise.all([received(called, 5), received(caller)])
  await Promise.all([sendAll(caller, there), sendAll(called, back)])
  const [atCalled, atCaller] = await got
  expect(atCalled.equals(there)).toBe(true)
  expect(atCaller.equals(back)).toBe(true)
  await expect
    .poll(() => relay.events.at(-1))
    .toMatchObject({
      type: 'parted',
      end: 'closed',
      bytes: there.length + back.length,
    })
})

test('one side may say all and still hear the other one', async () => {
  const { caller, called } = await bothEnds()
  const atCalled = received(called)
  await sendAll(caller, noise(10_000))
  expect((await atCalled).length).toBe(10_000)
  const atCaller = received(caller)
  await sendAll(called, noise(20_000))
  expect((await atCaller).length).toBe(20_000)
})

/** Bytes that streams of the relay keep. */
function heldAt({ node }: TestRelay): number {
  return nodeUsage(node).bufferedBytes
}

test('a reader that takes a piece whenever the relay is full gets all of it', async () => {
  const { relay, caller, called } = await bothEnds({ maxCircuitBytes: 8_000_000 })
  const all = noise(4_000_000)
  const got = received(called)
  called.pause()
  const sent = sendAll(caller, all)
  for (let pieces = 0; pieces < 8; pieces += 1) {
    await expect.poll(() => heldAt(relay), { timeout: 10_000 }).toBeGreaterThan(100_000)
    called.resume()
    called.pause()
    await sleep(20)
  }
  called.resume()
  await sent
  expect((await got).equals(all)).toBe(true)
})

test('what a reader does not take waits at its sender, not at the relay', async () => {
  const { relay, caller, called } = await bothEnds()
  called.addEventListener('message', () => undefined)
  called.pause()
  const held = () => heldAt(relay)
  void sendAll(caller, new Uint8Array(1_000_000))
  await expect.poll(held, { timeout: 10_000 }).toBeGreaterThan(100_000)
  // What it reads before it pauses, and what it could not send: a window each.
  expect(held()).toBeLessThanOrEqual(2 * 262_144)
  caller.abort(new Error('enough'))
  await expect.poll(() => relay.server.usage.circuits).toBe(0)
  expect(held()).toBe(0)
})

test('a connection that was lost does not look like an end', async () => {
  const { relay, host, caller } = await bothEnds()
  for (const connection of host.getConnections()) connection.abort(new Error('pulled'))
  await expect.poll(() => caller.status).toBe('reset')
  await expect.poll(() => relay.events).toContainEqual(expect.objectContaining({ end: 'lost' }))
})

test('nor does one that was closed below, without a word', async () => {
  const sockets: Socket[] = []
  const proxy = createServer((client) => {
    const upstream = connect(relayPort, '127.0.0.1')
    for (const socket of [client, upstream]) socket.on('error', () => undefined)
    sockets.push(upstream)
    client.pipe(upstream)
    upstream.pipe(client)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  let relayPort = 0
  const { relay, caller } = await bothEnds({}, (address) => {
    const [, port] = /tcp\/(\d+)/.exec(address) ?? []
    relayPort = Number(port)
    return address.replace(`tcp/${port}`, `tcp/${Object(proxy.address()).port}`)
  })
  for (const socket of sockets) socket.end()
  await expect.poll(() => caller.status).toBe('reset')
  expect(relay.events).toContainEqual(expect.objectContaining({ end: 'lost' }))
})

test('bytes that come right behind the request go through the circuit', async () => {
  const { caller, called } = await bothEnds()
  const got = received(called)
  caller.send(Uint8Array.of(1, 2, 3))
  await caller.close()
  expect(await got).toEqual(Buffer.from([1, 2, 3]))
})

/** A stream as yamux has it: a pause while it resumes is undone at its end. */
class PausableStream extends EventTarget {
  readonly status = 'open'
  readonly remoteWriteStatus = 'writable'
  readonly readableEnded = false
  readStatus = 'readable'
  writableNeedsDrain = false
  /** Whether its peer is told that it may send. */
  isTelling = true
  waiting: Uint8Array[] = []

  pause(): void {
    this.readStatus = 'paused'
    this.isTelling = false
  }

  resume(): void {
    this.readStatus = 'readable'
    for (const data of this.waiting.splice(0)) this.give(data)
    this.isTelling = true
  }

  give(data: Uint8Array): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }))
  }

  send(): boolean {
    this.writableNeedsDrain = true
    return false
  }

  abort(): void {
    // Nobody is there to be told.
  }
}

test('a stream whose first bytes after a pause fill the other one again is paused, and its peer not told to go on', async () => {
  const [from, to] = [new PausableStream(), new PausableStream()]
  const circuit = new Circuit({
    streams: [from as unknown as Stream, to as unknown as Stream],
    maxBytes: 1_000,
    maxMs: 60_000,
    over: () => undefined,
  })
  circuit.start()
  from.give(Uint8Array.of(1))
  expect(from.readStatus).toBe('paused')
  from.waiting.push(Uint8Array.of(2))
  to.writableNeedsDrain = false
  to.dispatchEvent(new Event('drain'))
  await sleep(0)
  expect(circuit.bytes).toBe(2)
  expect(from).toMatchObject({ readStatus: 'paused', isTelling: false })
  circuit.end('stopped')
})

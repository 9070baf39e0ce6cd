import type { AddressInfo, Server } from 'node:net'
import { createServer } from 'node:net'
import { noise } from '@chainsafe/libp2p-noise'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { afterEach, expect, test } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { createNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { serveBootstrap } from '../../../src/network/node/serve.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import {
  bytes,
  dialer,
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
  TCP,
} from '../../support/network/two-nodes.ts'

const servers: Server[] = []

afterEach(async () => {
  await stopAll()
  for (const server of servers.splice(0)) server.close()
})

/** Accepts and never says anything. */
async function mute(): Promise<string> {
  const server = createServer((socket) => socket.resume().on('error', () => undefined))
  servers.push(server)
  return await listening(server)
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`
}

async function connectionsOf(server: Server): Promise<number> {
  return await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))
}

async function unusedAddress(): Promise<string> {
  const server = createServer()
  const address = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return address
}

test.each(['tcp', 'ws'] as const)(
  'somebody else who answers over %s is a wrong peer and gets no stream',
  async (kind) => {
    const accepted: Transport[] = []
    const impostor = await listener((transport) => accepted.push(transport))
    const expected = peerIdOfKeyBytes(generatePrivateKeyBytes())
    const dialing = (await dialer()).dial(expected, [impostor[kind]], patience())
    await expect(dialing).rejects.toMatchObject({ code: 'wrong_peer' })
    // The impostor's side of the connection ends as well, without ever having been one.
    await expect.poll(() => impostor.node.getConnections().length).toBe(0)
    expect(accepted).toEqual([])
  },
)

test('a wrong peer at the first address does not keep the right one from being found', async () => {
  const accepted: Transport[] = []
  const impostor = await listener((transport) => accepted.push(transport))
  const host = await listener(echo)
  const addresses = [impostor.tcp, await unusedAddress(), host.ws]
  const transport = await (await dialer()).dial(host.peer, addresses, patience())
  const ear = new Ear(transport)
  await transport.send(bytes('found'))
  await ear.untilFrames(1)
  expect(transport.remotePeer).toBe(host.peer)
  expect(accepted).toEqual([])
})

test('silent addresses before the good one cost a part of their time, and leave nothing open', async () => {
  const accepted: Transport[] = []
  const host = await listener((transport) => accepted.push(transport))
  const silent = await Promise.all(Array.from({ length: 8 }, mute))
  const limits = { dialStaggerMs: 5, takenDialStaggerMs: 20, addressDialTimeoutMs: 19_000 }
  const transport = await (await dialer(limits)).dial(
    host.peer,
    [...silent, ...silent.map((address) => `${address}/ws`).slice(0, 7), host.tcp],
    patience(),
  )
  expect(transport.remotePeer).toBe(host.peer)
  await expect
    .poll(async () => await Promise.all(servers.map(async (server) => await connectionsOf(server))))
    .toEqual(servers.map(() => 0))
})

test('when nobody answers each address is named with its problem', async () => {
  const peer = peerIdOfKeyBytes(generatePrivateKeyBytes())
  const silent = await mute()
  const closed = await unusedAddress()
  const greeter = createServer((socket) => socket.end('hello\r\n').on('error', () => undefined))
  servers.push(greeter)
  const alien = await listening(greeter)
  const guest = await dialer({ addressDialTimeoutMs: 300, busyPauseMs: 1 })
  const addresses = [closed, `${closed}/ws`, silent, alien]
  const error = await guest.dial(peer, addresses, patience()).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'unreachable' })
  expect(error).toHaveProperty('attempts', [
    { address: closed, problem: 'nobody listens there' },
    { address: `${closed}/ws`, problem: 'nobody listens there' },
    { address: silent, problem: 'no answer in time' },
    { address: alien, problem: 'what answers there is not a libp2p node that we can talk to' },
  ])
})

test.each(['tcp', 'ws'] as const)(
  'who is turned away over %s, because too many come at once, comes again and gets in',
  async (kind) => {
    const host = await listener(echo, { loopbackConnectionsPerSecond: 1 })
    const first = await dialer()
    new Ear(await first.dial(host.peer, [host.tcp], patience()))
    const second = new Ear(await (await dialer()).dial(host.peer, [host[kind]], patience()))
    expect(second.heard).toEqual([])
  },
)

test('who is turned away again and again is told that the connection was cut', async () => {
  const host = await listener(echo, { maxConnections: 1 })
  new Ear(await (await dialer()).dial(host.peer, [host.tcp], patience()))
  for (const address of [host.tcp, host.ws]) {
    const guest = await dialer({ busyPauseMs: 1 })
    await expect(guest.dial(host.peer, [address], patience())).rejects.toMatchObject({
      code: 'unreachable',
      attempts: [{ address, problem: 'the connection was cut' }],
    })
  }
})

test('a dial that waits for its next try, because too many come at once, is ended by an abort', async () => {
  const host = await listener(echo, { maxConnections: 1 })
  new Ear(await (await dialer()).dial(host.peer, [host.tcp], patience()))
  const guest = await dialer({ busyPauseMs: 600_000 })
  const controller = new AbortController()
  const dial = guest.dial(host.peer, [host.tcp], controller.signal)
  const reason = new Error('given up')
  // Time enough to be turned away once; the next try would be in minutes.
  setTimeout(() => controller.abort(reason), 300)
  await expect(dial).rejects.toBe(reason)
})

test('addresses that can not be dialled at all are unreachable', async () => {
  const peer = peerIdOfKeyBytes(generatePrivateKeyBytes())
  const guest = await dialer()
  await expect(guest.dial(peer, [], patience())).rejects.toMatchObject({ attempts: [] })
  const quic = '/ip4/127.0.0.1/udp/4001/quic-v1'
  await expect(guest.dial(peer, [quic], patience())).rejects.toMatchObject({
    attempts: [{ address: quic, problem: 'not a kind of address that can be dialled' }],
  })
})

test('on a node that is not of our making a failed dial is unreachable just the same', async () => {
  const peer = peerIdOfKeyBytes(generatePrivateKeyBytes())
  const foreign = await createLibp2p({ transports: [tcp()], connectionEncrypters: [noise()] })
  const closed = [await unusedAddress(), await unusedAddress()]
  const dialing = createDialer(foreign).dial(peer, closed, patience())
  await expect(dialing).rejects.toMatchObject({
    code: 'unreachable',
    attempts: closed.map((address) => ({ address, problem: 'nobody listens there' })),
  })
  await foreign.stop()
})

test('a peer that does not speak the protocol says so', async () => {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const node = await createNode({ privateKey, listen: [TCP] })
  const dialing = (await dialer()).dial(node.peerId.toString(), nodeAddresses(node), patience())
  await expect(dialing).rejects.toMatchObject({ code: 'protocol_unsupported' })
  expect(await stopNode(node)).toBe(true)
})

test('an abort ends the dial with its reason, whether connecting or negotiating', async () => {
  const peer = peerIdOfKeyBytes(generatePrivateKeyBytes())
  const silent = await mute()
  const guest = await dialer()
  const controller = new AbortController()
  const dialing = guest.dial(peer, [silent], controller.signal)
  const reason = new Error('the session is over')
  setTimeout(() => controller.abort(reason), 50)
  await expect(dialing).rejects.toBe(reason)
  await expect(guest.dial(peer, [silent], controller.signal)).rejects.toBe(reason)
})

test('300 streams right after dialling, with no pause, are all served on one connection', async () => {
  let served = 0
  const host = await listener((transport) => {
    served++
    echo(transport)
  })
  const guest = await dialer()
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const transport = await guest.dial(host.peer, [host.tcp], patience())
      const ear = new Ear(transport)
      await transport.send(bytes(`number ${index}`))
      await ear.untilFrames(1)
      await transport.close()
      return ear.heard
    }),
  )
  expect(served).toBe(300)
  expect(host.node.getConnections()).toHaveLength(1)
  expect(outcomes).toEqual(
    outcomes.map((_, index) => [{ frame: `number ${index}` }, 'ended', { closed: true }]),
  )
  await expect.poll(() => host.node.getConnections()[0]?.streams.length).toBe(0)
})

test('a connection that looks open but is dead is replaced', async () => {
  const host = await listener(echo)
  const node = await dialingNode()
  const guest = createDialer(node)
  const first = await guest.dial(host.peer, [host.tcp], patience())
  const firstEar = new Ear(first)
  const [connection] = node.getConnections()
  // What yamux does to the whole connection when the other side breaks one of its rules.
  const muxer: unknown = connection === undefined ? undefined : Reflect.get(connection, 'muxer')
  if (typeof muxer !== 'object' || muxer === null) throw new Error('no muxer')
  Reflect.apply(Reflect.get(muxer, 'abort'), muxer, [new Error('broken')])
  expect(connection?.status).toBe('open')
  await firstEar.untilClosed()

  const second = await guest.dial(host.peer, [host.tcp], patience())
  const ear = new Ear(second)
  await second.send(bytes('again'))
  await ear.untilFrames(1)
  expect(node.getConnections()).toHaveLength(1)
  expect(connection?.status).not.toBe('open')
})

test('a peer that went away and came back is dialled anew', async () => {
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const before = await createNode({ privateKey, listen: [TCP] })
  await serveBootstrap(before, echo)
  const peer = before.peerId.toString()
  const addresses = nodeAddresses(before)
  const guest = await dialer()
  const lost = new Ear(await guest.dial(peer, addresses, patience()))
  expect(await stopNode(before)).toBe(true)
  await lost.untilClosed()
  await expect(guest.dial(peer, addresses, patience())).rejects.toMatchObject({
    code: 'unreachable',
  })

  const after = await createNode({ privateKey, listen: addresses })
  await serveBootstrap(after, echo)
  const transport = await guest.dial(peer, addresses, patience())
  const ear = new Ear(transport)
  await transport.send(bytes('back'))
  await ear.untilFrames(1)
  expect(await stopNode(after)).toBe(true)
})

test('streams beyond the limit are refused, and those within it undisturbed', async () => {
  const host = await listener(echo, { maxStreamsPerConnection: 3 })
  const guest = await dialer()
  const kept = await Promise.all(
    Array.from({ length: 3 }, async () => await guest.dial(host.peer, [host.tcp], patience())),
  )
  const ears = kept.map((transport) => new Ear(transport))
  const fourth = await guest.dial(host.peer, [host.tcp], patience())
  const fourthEar = new Ear(fourth)
  await fourthEar.untilClosed()
  expect(fourthEar.heard).toEqual([{ closed: false }])
  await Promise.all(kept.map(async (transport) => await transport.send(bytes('still here'))))
  await Promise.all(ears.map(async (ear) => await ear.untilFrames(1)))
  expect(ears.map((ear) => ear.heard)).toEqual(ears.map(() => [{ frame: 'still here' }]))
})

test('a host that accepts a stream and never negotiates is unreachable in time', async () => {
  const host = await listener(echo)
  const node = await dialingNode()
  const guest = createDialer(node, { negotiationTimeoutMs: 200 })
  await guest.dial(host.peer, [host.tcp], patience())
  for (const connection of host.node.getConnections()) {
    const muxer: unknown = Reflect.get(connection, 'muxer')
    if (typeof muxer !== 'object' || muxer === null) throw new Error('no muxer')
    Reflect.set(muxer, 'onRemoteStream', () => undefined)
  }
  await expect(guest.dial(host.peer, [host.tcp], patience())).rejects.toMatchObject({
    code: 'unreachable',
    attempts: [{ problem: 'no answer in time' }],
  })
})

test('a dial that is given up at the moment it has connected opens no stream', async () => {
  const host = await listener(echo)
  const node = await dialingNode()
  const given = new AbortController()
  const hasty: typeof node = Object.create(node, {
    dial: {
      value: async (...all: Parameters<typeof node.dial>) => {
        const connection = await node.dial(...all)
        given.abort(new Error('given up'))
        return connection
      },
    },
  })
  const dialing = createDialer(hasty).dial(host.peer, [host.tcp], given.signal)
  await expect(dialing).rejects.toThrow('given up')
  expect(node.getConnections().flatMap(({ streams }) => streams)).toEqual([])
})

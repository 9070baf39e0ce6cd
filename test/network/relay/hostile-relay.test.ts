import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterEach, describe, expect, test } from 'vitest'
import type { HopStatus } from '../../../src/network/circuit/circuit-protocol.ts'
import {
  HOP_PROTOCOL,
  STATUS,
  STOP_PROTOCOL,
} from '../../../src/network/circuit/circuit-protocol.ts'
import { readMessage, sendMessage } from '../../../src/network/circuit/message-stream.ts'
import { generatePrivateKeyBytes } from '../../../src/network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { hopAnswerBytes, stopRequestBytes } from '../../../src/network/relay-server/hop-messages.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import { guestOf, stockRelay, stopRelays } from '../../support/network/relays.ts'
import {
  bytes,
  dialer,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../support/network/two-nodes.ts'

const nodes: { stop(): unknown }[] = []

afterEach(async () => {
  await stopAll()
  await stopRelays()
  await Promise.all(nodes.splice(0).map(async (node) => await node.stop()))
})

const ABSENT = peerIdOfKeyBytes(generatePrivateKeyBytes())

/** A relay that does what it likes with whoever asks it for a circuit. */
async function evilRelay(answer: (stream: Stream) => Promise<void> | void) {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  nodes.push(node)
  await node.handle(HOP_PROTOCOL, async (stream) => {
    await readMessage(stream, patience())
    await answer(stream)
  })
  const [whole = ''] = node.getMultiaddrs().map((address) => address.toString())
  return { node, address: `${whole.replace(/\/p2p\/.*$/, '')}/p2p-circuit` }
}

function saying(status: HopStatus) {
  return (stream: Stream): void => sendMessage(stream, hopAnswerBytes({ status }))
}

/** Joins two streams as a relay does, until so many bytes have gone through. */
function join(one: Stream, other: Stream, most = Number.POSITIVE_INFINITY): void {
  let left = most
  const pass = (from: Stream, to: Stream): void =>
    from.addEventListener('message', ({ data }) => {
      left -= data.byteLength
      if (left >= 0) to.send(data)
      else for (const each of [one, other]) each.abort(new Error('enough'))
    })
  pass(one, other)
  pass(other, one)
}

const QUICK = { circuitDialTimeoutMs: 700, busyPauseMs: 1 }

describe('a relay that', () => {
  test.each<[string, (stream: Stream) => void, string]>([
    ['has no such guest', saying(STATUS.noReservation), 'the inviter is not at this relay now'],
    ['is full', saying(STATUS.resourceLimitExceeded), 'the relay has too much to do'],
    ['lets nobody through', saying(STATUS.permissionDenied), 'the relay refuses us'],
    [
      'does not reach the guest',
      saying(STATUS.connectionFailed),
      'the relay does not reach the inviter',
    ],
    [
      'understands nothing',
      saying(STATUS.malformedMessage),
      'the relay answers what nobody can understand',
    ],
    ['says nothing', () => undefined, 'the relay does not answer in time'],
    ['cuts the stream', (stream) => stream.abort(new Error('cut')), 'the relay does not answer'],
    [
      'sends a longer message than any is',
      (stream) => void stream.send(Uint8Array.of(0xff, 0x7f)),
      'the relay does not answer',
    ],
    [
      'sends what is no message',
      (stream) => void stream.send(Uint8Array.of(2, 0xff, 0xff)),
      'the relay answers what nobody can understand',
    ],
    ['opens a circuit to nobody', saying(STATUS.ok), 'nobody beyond the relay answers in time'],
    [
      'opens a circuit and cuts it',
      (stream) => {
        saying(STATUS.ok)(stream)
        setTimeout(() => stream.abort(new Error('cut')), 20)
      },
      'the relay, or who is beyond it, cut the connection',
    ],
  ])('%s costs time, is told in words, and leaves nothing open', async (_, answer, problem) => {
    const relay = await evilRelay(answer)
    const dialing = (await dialer(QUICK)).dial(ABSENT, [relay.address], patience())
    await expect(dialing).rejects.toMatchObject({
      code: 'unreachable',
      attempts: [{ address: relay.address, problem }],
    })
    await expect.poll(() => relay.node.getConnections().length).toBe(0)
  })

  test('leads to somebody else leads to a wrong peer, who gets no stream', async () => {
    const accepted: Transport[] = []
    const stock = await stockRelay()
    const impostor = await guestOf([stock.address], (transport) => accepted.push(transport))
    await expect.poll(() => stock.guests()).toEqual([impostor.peer])
    const relay = await evilRelay(async (stream) => {
      const [connection] = stock.connectionsTo(impostor.peer)
      const onward = await connection?.newStream(STOP_PROTOCOL, { runOnLimitedConnection: true })
      if (onward === undefined) throw new Error('nobody is there')
      const caller = peerIdFromString(ABSENT).toMultihash().bytes
      sendMessage(onward, stopRequestBytes(caller, { ms: 60_000, bytes: 100_000 }))
      await readMessage(onward, patience())
      saying(STATUS.ok)(stream)
      join(stream, onward)
    })
    const dialing = (await dialer()).dial(ABSENT, [relay.address], patience())
    await expect(dialing).rejects.toMatchObject({ code: 'wrong_peer' })
    expect(accepted).toEqual([])
  })

  test('cuts in the middle ends the stream, and never cleanly', async () => {
    const relay = await stockRelay({ reservations: { defaultDataLimit: 3_000n } })
    const guest = await guestOf([relay.address], echo)
    await expect.poll(() => relay.guests()).toEqual([guest.peer])
    const address = `${relay.address}/p2p-circuit`
    const transport = await (await dialer()).dial(guest.peer, [address], patience())
    const ear = new Ear(transport)
    await transport.send(bytes('x'.repeat(4_000))).catch(() => undefined)
    await ear.untilClosed()
    expect(ear.heard.at(-1)).toEqual({ closed: false })
    await expect.poll(() => guest.node.getConnections().length).toBe(1)
  })
})

test('nobody but a relay that was asked for a place brings anybody', async () => {
  const accepted: Transport[] = []
  const stock = await stockRelay()
  const guest = await guestOf([stock.address], (transport) => accepted.push(transport), {}, [
    '/ip4/127.0.0.1/tcp/0',
  ])
  await expect.poll(() => stock.guests()).toEqual([guest.peer])
  const stranger = await evilRelay(() => undefined)
  const [direct = ''] = guest.node.getMultiaddrs().map(String)
  const connection = await stranger.node.dial(multiaddr(direct))
  const stream = await connection.newStream(STOP_PROTOCOL)
  await expect.poll(() => stream.status).toBe('reset')
  expect(accepted).toEqual([])
  expect(guest.node.getConnections()).toHaveLength(2)
})

test('a crowd behind one relay fills its share, and who comes direct has a place', async () => {
  const relay = await stockRelay()
  const limits = { maxConnectionsPerRelay: 2 }
  const host = await guestOf([relay.address], echo, limits, ['/ip4/127.0.0.1/tcp/0'])
  await expect.poll(() => relay.guests()).toEqual([host.peer])
  const beyond = `${relay.address}/p2p-circuit`
  const came = async (address: string) =>
    await (await dialer({ ...QUICK, busyPauseMs: 1 })).dial(host.peer, [address], patience())
  await Promise.all([came(beyond), came(beyond)])
  await expect(came(beyond)).rejects.toMatchObject({ code: 'unreachable' })
  const [direct = ''] = host.node.getMultiaddrs().map(String)
  const transport = await came(direct.replace(/\/p2p\/.*$/, ''))
  expect(transport.remotePeer).toBe(host.peer)
})

test('a direct address wins over a relay, and a relay is tried soon where direct ones are silent', async () => {
  const relay = await stockRelay()
  const host = await guestOf([relay.address], echo, {}, ['/ip4/127.0.0.1/tcp/0'])
  await expect.poll(() => relay.guests()).toEqual([host.peer])
  const [direct = ''] = host.node.getMultiaddrs().map((each) => `${each}`.replace(/\/p2p\/.*$/, ''))
  const beyond = `${relay.address}/p2p-circuit`
  const first = await (await dialer()).dial(host.peer, [beyond, direct], patience())
  expect(first.remoteAddress).not.toContain('p2p-circuit')
  const silent = await listener(() => undefined)
  await silent.node.stop()
  const second = await (await dialer({ relayHeadStartMs: 10 })).dial(
    host.peer,
    [silent.tcp, beyond],
    patience(),
  )
  expect(second.remoteAddress).toContain('p2p-circuit')
})

test('a relay that never ends what it has answered to does not have ever more streams', async () => {
  const expiresAt = Date.now() + 3_600_000
  const relay = await evilRelay((stream) => {
    sendMessage(
      stream,
      hopAnswerBytes({ status: STATUS.ok, reservation: { expiresAt, addresses: [] } }),
    )
    void stream.close()
  })
  const looks: Stream[] = []
  await relay.node.handle('/ipfs/ping/1.0.0', (stream) => {
    looks.push(stream)
    stream.addEventListener('message', ({ data }) => void stream.send(data))
  })
  const guest = await guestOf([relay.address.replace('/p2p-circuit', '')], echo, {
    relayLookMs: 500,
  })
  await expect.poll(() => looks.length, { timeout: 10_000 }).toBeGreaterThan(1)
  const [first] = looks
  await expect.poll(() => first?.status, { timeout: 10_000 }).not.toBe('open')
  expect(guest.states.at(-1)).toBe('reserved')
})

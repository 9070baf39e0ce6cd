import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { STATUS } from '../../../src/network/circuit/circuit-protocol.ts'
import { connectBeyond, reservePlace } from '../../../src/network/relay/ask-relay.ts'
import {
  ANYBODY,
  dialThrough,
  echoed,
  echoOn,
  reserveAt,
  startRelay,
  stockNode,
  stopRelays,
} from '../../support/network/relay-nodes.ts'

afterEach(stopRelays)

type Limits = Parameters<typeof startRelay>[1]

/** A relay, a host with a place at it that echoes, and a guest. */
async function three(limits: Limits = {}) {
  const relay = await startRelay(ANYBODY, limits)
  const [host, guest] = await Promise.all([stockNode(), stockNode()])
  await echoOn(host)
  await reserveAt(host, relay.address)
  return { relay, host, guest, dial: () => dialThrough(guest, relay.address, host) }
}

test('a circuit carries its bytes in each direction, and is cut at the next one', async () => {
  const { relay, dial } = await three({ maxCircuitBytes: 60_000 })
  const connection = await dial()
  expect(await echoed(connection, new Uint8Array(50_000))).toBe(50_000)
  expect(await echoed(connection, new Uint8Array(50_000))).toBeLessThan(50_000)
  await expect.poll(() => relay.events.at(-1)).toMatchObject({ type: 'parted', end: 'bytes' })
  expect(relay.server.usage.circuits).toBe(0)
})

test('a circuit whose time is up is cut, and another one is to be had', async () => {
  const { relay, dial } = await three({ maxCircuitMs: 1_000 })
  const connection = await dial()
  await expect.poll(() => connection.status, { timeout: 20_000 }).not.toBe('open')
  expect(relay.events.at(-1)).toMatchObject({ type: 'parted', end: 'time' })
  expect(await echoed(await dial(), new Uint8Array(1_000))).toBe(1_000)
})

test.each(['maxCircuits', 'maxCircuitsToPeer'] as const)(
  '%s bounds the circuits at once; one that has ended makes room',
  async (limit) => {
    const { relay, host, dial } = await three({ [limit]: 1 })
    const first = await dial()
    const other = await stockNode()
    await expect(dialThrough(other, relay.address, host)).rejects.toThrow(/RESOURCE_LIMIT_EXCEEDED/)
    expect(relay.server.usage).toMatchObject({ circuits: 1, refused: { busy: 1 } })
    await first.close()
    await expect.poll(() => relay.server.usage.circuits).toBe(0)
    const second = await dialThrough(other, relay.address, host)
    expect(await echoed(second, new Uint8Array(1_000))).toBe(1_000)
  },
)

test('a peer that holds all circuits that it may have leaves those of others', async () => {
  const { relay, host, guest } = await three({ maxCircuitsToPeer: 3, maxCircuitsFromPeer: 2 })
  const toRelay = await guest.dial(multiaddr(relay.address))
  const call = () => connectBeyond(toRelay, host.peerId, AbortSignal.timeout(10_000))
  const held = [await call(), await call()]
  await expect(call()).rejects.toMatchObject({ status: STATUS.resourceLimitExceeded })
  const other = await dialThrough(await stockNode(), relay.address, host)
  expect(await echoed(other, new Uint8Array(1_000))).toBe(1_000)
  expect(held.map(({ stream }) => stream.status)).toEqual(['open', 'open'])
})

test('where all places are taken nobody else gets one, until a holder has gone', async () => {
  const { relay, host } = await three({ maxReservations: 1 })
  const other = await stockNode()
  await expect(reserveAt(other, relay.address)).rejects.toThrow(/RESERVATION_REFUSED/)
  await host.stop()
  await expect.poll(() => relay.server.usage.reservations).toBe(0)
  await reserveAt(other, relay.address)
  expect(relay.server.usage.reservations).toBe(1)
})

test('whoever has no place is not reached, and hears so', async () => {
  const { relay, guest } = await three()
  const stranger = await stockNode()
  await expect(dialThrough(guest, relay.address, stranger)).rejects.toThrow(/NO_RESERVATION/)
  expect(relay.server.usage).toMatchObject({ circuits: 0, refused: { no_reservation: 1 } })
})

test('a holder that goes takes its circuits with it, and nobody else’s', async () => {
  const { relay, host, guest, dial } = await three()
  const other = await stockNode()
  await echoOn(other)
  await reserveAt(other, relay.address)
  const [toHost, toOther] = [await dial(), await dialThrough(guest, relay.address, other)]
  await host.stop()
  await expect.poll(() => toHost.status).not.toBe('open')
  expect(await echoed(toOther, new Uint8Array(1_000))).toBe(1_000)
  await expect.poll(() => relay.server.usage).toMatchObject({ reservations: 1, circuits: 1 })
})

test('a holder that renews while the relay drains keeps its place, and with it its circuits', async () => {
  const relay = await startRelay(ANYBODY)
  const node = await stockNode()
  const connection = await node.dial(multiaddr(relay.address))
  const patience = AbortSignal.timeout(20_000)
  await reservePlace(connection, patience)
  relay.server.drain()
  expect(await reservePlace(connection, patience)).toBeGreaterThan(0)
  expect(relay.server.usage).toMatchObject({ reservations: 1, refused: { draining: 0 } })
})

test('a relay that drains takes nothing new, and lets circuits go on', async () => {
  const { relay, host, dial } = await three()
  const connection = await dial()
  relay.server.drain()
  const other = await stockNode()
  await expect(reserveAt(other, relay.address)).rejects.toThrow(/RESERVATION_REFUSED/)
  await expect(dialThrough(other, relay.address, host)).rejects.toThrow(/RESOURCE_LIMIT_EXCEEDED/)
  expect(await echoed(connection, new Uint8Array(1_000))).toBe(1_000)
})

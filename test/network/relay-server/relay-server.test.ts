import { afterEach, expect, test } from 'vitest'
import {
  ANYBODY,
  dialThrough,
  echoed,
  echoOn,
  NOBODY,
  reserveAt,
  startRelay,
  stockNode,
  stopRelays,
} from '../../support/network/relay-nodes.ts'

afterEach(stopRelays)

test('a stock peer reserves, and another stock peer reaches it', async () => {
  const relay = await startRelay(ANYBODY)
  const [host, guest] = await Promise.all([stockNode(), stockNode()])
  await echoOn(host)
  await reserveAt(host, relay.address)
  const connection = await dialThrough(guest, relay.address, host)
  expect(connection.remotePeer.toString()).toBe(host.peerId.toString())
  expect(connection.limits?.seconds).toBeGreaterThan(100)
  expect(connection.limits?.seconds).toBeLessThanOrEqual(120)
  expect(await echoed(connection, new Uint8Array(200_000))).toBe(200_000)
  expect(relay.server.usage).toMatchObject({ reservations: 1, circuits: 1, joined: 1 })
  await connection.close()
  await expect.poll(() => relay.server.usage.circuits).toBe(0)
  expect(relay.events.map(({ type }) => type)).toEqual(['reserved', 'joined', 'parted'])
  expect(relay.events.at(-1)).toMatchObject({ end: 'closed' })
})

test('nobody may reserve unless somebody said so', async () => {
  const relay = await startRelay(NOBODY)
  const host = await stockNode()
  await expect(reserveAt(host, relay.address)).rejects.toThrow(/PERMISSION_DENIED/)
  expect(relay.server.usage).toMatchObject({ reservations: 0, refused: { not_allowed: 1 } })
})

test('over WebSockets, as behind a proxy that speaks TLS, it is the same', async () => {
  const relay = await startRelay(ANYBODY, {}, '/ip4/127.0.0.1/tcp/0/ws')
  const [host, guest] = await Promise.all([stockNode(), stockNode()])
  await echoOn(host)
  await reserveAt(host, relay.address)
  const connection = await dialThrough(guest, relay.address, host)
  expect(await echoed(connection, new Uint8Array(300_000))).toBe(300_000)
  await connection.close()
  await expect.poll(() => relay.events.at(-1)).toMatchObject({ type: 'parted', end: 'closed' })
})

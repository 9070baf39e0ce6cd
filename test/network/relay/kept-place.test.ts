import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { relayProblem } from '../../../src/network/dial/dial-failure.ts'
import { guestOf, stockRelay, stopRelays } from '../../support/network/relays.ts'
import { dialer, echo, patience, stopAll } from '../../support/network/two-nodes.ts'

/** So short that a test does not wait; as long as a busy computer may take. */
const QUICK = { relayLookMs: 20, relaySilenceMs: 500, circuitDialTimeoutMs: 5_000 }

const closers: (() => void)[] = []

afterEach(async () => {
  await stopAll()
  await stopRelays()
  for (const close of closers.splice(0)) close()
})

/** A way to a relay that can be made a black hole: what comes is taken, and goes nowhere. */
async function wayTo(port: number): Promise<{ address: string; swallow(): void }> {
  const sockets = new Set<Socket>()
  let isHole = false
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    if (isHole) return
    const onward = new (process.getBuiltinModule('node:net').Socket)()
    sockets.add(onward)
    onward.on('error', () => undefined).connect(port, '127.0.0.1')
    socket.on('data', (bytes) => isHole || onward.write(bytes))
    onward.on('data', (bytes) => isHole || socket.write(bytes))
    socket.on('close', () => isHole || onward.destroy())
    onward.on('close', () => isHole || socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const own = server.address()
  const at = typeof own === 'object' ? (own?.port ?? 0) : 0
  return {
    address: `/ip4/127.0.0.1/tcp/${at}`,
    swallow: () => {
      isHole = true
    },
  }
}

function portOf(address: string): number {
  return Number(address.split('/')[4])
}

test('a relay that is down at the start is asked again until it is there', async () => {
  const first = await stockRelay()
  await first.node.stop()
  const guest = await guestOf([first.address], echo, QUICK)
  const [place] = guest.places
  await expect.poll(() => place?.state).toBe('lost')
  expect(relayProblem(place?.problem)).toBe('nobody listens there')
  const relay = await stockRelay({}, first.address)
  await expect.poll(() => place?.state, { timeout: 10_000 }).toBe('reserved')
  expect(place?.problem).toBeUndefined()
  const address = `${relay.address}/p2p-circuit`
  const transport = await (await dialer()).dial(guest.peer, [address], patience())
  expect(transport.remotePeer).toBe(guest.peer)
})

test('a relay that is killed is lost, and is back when it is, also as another one', async () => {
  const relay = await stockRelay()
  const guest = await guestOf([relay.address], echo, QUICK)
  const [place] = guest.places
  await expect.poll(() => place?.state).toBe('reserved')
  await relay.node.stop()
  await expect.poll(() => place?.state).toBe('lost')
  const other = await stockRelay({}, relay.address)
  expect(other.id).not.toBe(relay.id)
  await expect.poll(() => place?.state, { timeout: 10_000 }).toBe('reserved')
})

test('a relay that has gone without a word is noticed by its silence', async () => {
  const relay = await stockRelay()
  const way = await wayTo(portOf(relay.address))
  const guest = await guestOf([way.address], echo, QUICK)
  const [place] = guest.places
  await expect.poll(() => place?.state).toBe('reserved')
  way.swallow()
  await expect.poll(() => place?.state).toBe('lost')
  expect(relayProblem(place?.problem)).toBe('no answer in time')
})

test('a place is renewed before it lapses', async () => {
  const relay = await stockRelay({ reservations: { reservationTtl: 2_000 } })
  const guest = await guestOf([relay.address], echo, QUICK)
  await expect.poll(() => relay.guests()).toEqual([guest.peer])
  await expect.poll(() => relay.asked(), { timeout: 5_000 }).toBeGreaterThan(1)
  expect(guest.states).toEqual(['reserved'])
})

test('a place that the relay has forgotten without a word is taken again', async () => {
  const relay = await stockRelay({ reservations: { reservationTtl: 2_000 } })
  const guest = await guestOf([relay.address], echo, QUICK)
  await expect.poll(() => relay.guests()).toEqual([guest.peer])
  relay.forget()
  expect(relay.guests()).toEqual([])
  await expect.poll(() => relay.guests(), { timeout: 5_000 }).toEqual([guest.peer])
  expect(guest.states).toEqual(['reserved'])
})

test('a full relay, somebody else in its place, and what is no relay have words of their own', async () => {
  const full = await stockRelay({ reservations: { maxReservations: 0 } })
  const none = await guestOf([], echo, {}, ['/ip4/127.0.0.1/tcp/0'])
  const [noRelay = ''] = none.node.getMultiaddrs().map((each) => each.toString())
  const guest = await guestOf([full.address, noRelay.replace(/\/p2p\/.*/, '')], echo, QUICK)
  await expect.poll(() => guest.places.map(({ state }) => state)).toEqual(['lost', 'lost'])
  expect(guest.places.map(({ problem }) => relayProblem(problem))).toEqual([
    'the relay has no place left',
    'what answers there is no relay',
  ])
})

test('a node that stops leaves no connection to its relay, and asks no more', async () => {
  const relay = await stockRelay()
  const guest = await guestOf([relay.address], echo, QUICK)
  await expect.poll(() => guest.places[0]?.state).toBe('reserved')
  await guest.node.stop()
  await expect.poll(() => relay.node.getConnections().length).toBe(0)
})

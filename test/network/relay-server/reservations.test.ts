import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test, vi } from 'vitest'
import { isKeptConnection } from '../../../src/network/guard/kept-connections.ts'
import { RelayReservations } from '../../../src/network/relay-server/reservations.ts'

/** A connection of libp2p's, as much of it as counts here. */
class HolderConnection extends EventTarget {
  status = 'open'
  readonly remotePeer: { toString(): string }
  readonly remoteAddr: ReturnType<typeof multiaddr>

  constructor(peer: string, address: string) {
    super()
    this.remotePeer = { toString: () => peer }
    this.remoteAddr = multiaddr(address)
  }

  end(): void {
    this.status = 'closed'
    this.dispatchEvent(new Event('close'))
  }
}

function holder(peer: string, host = '192.0.2.1') {
  const connection = new HolderConnection(peer, `/ip4/${host}/tcp/1`)
  return { connection: connection as unknown as Connection, end: () => connection.end() }
}

function relay(limits: Readonly<Record<string, number>> = {}) {
  const released: string[] = []
  const reservations = new RelayReservations({
    limits: { maxReservations: 10, maxReservationsPerHost: 2, reservationMs: 60_000, ...limits },
    now: Date.now,
    monotonic: () => performance.now(),
    released: ({ peer }) => released.push(peer),
  })
  return { reservations, released }
}

test('one host has its share of the places, and another host the rest', () => {
  const { reservations } = relay()
  const [first, second, third] = [holder('A'), holder('B'), holder('C')]
  expect(reservations.reserve(first.connection)).toBeDefined()
  expect(reservations.reserve(second.connection)).toBeDefined()
  expect(reservations.reserve(third.connection)).toBeUndefined()
  expect(reservations.reserve(holder('D', '192.0.2.2').connection)).toBeDefined()
  first.end()
  expect(reservations.reserve(third.connection)).toBeDefined()
})

test('a network of IPv6 is one host, and this computer is none', () => {
  const { reservations } = relay()
  const at = (peer: string, address: string) =>
    reservations.reserve(new HolderConnection(peer, address) as unknown as Connection)
  expect(at('A', '/ip6/2001:db8::1/tcp/1')).toBeDefined()
  expect(at('B', '/ip6/2001:db8::2/tcp/1')).toBeDefined()
  expect(at('C', '/ip6/2001:db8::3/tcp/1')).toBeUndefined()
  for (const peer of ['D', 'E', 'F']) expect(at(peer, '/ip4/127.0.0.1/tcp/1')).toBeDefined()
})

test('a place is free at once when its holder has gone', () => {
  const { reservations, released } = relay({ maxReservations: 1 })
  const { connection, end } = holder('A')
  reservations.reserve(connection)
  expect(isKeptConnection(connection)).toBe(true)
  expect(reservations.reserve(holder('B').connection)).toBeUndefined()
  end()
  expect(released).toEqual(['A'])
  expect(isKeptConnection(connection)).toBe(false)
  expect(reservations.reserve(holder('B').connection)).toBeDefined()
  reservations.stop()
})

test('a place that is renewed is one place, also where all are taken, and keeps its beginning', () => {
  const { reservations, released } = relay({ maxReservations: 1, maxReservationsPerHost: 1 })
  const { connection } = holder('A')
  const first = reservations.reserve(connection)
  for (let times = 0; times < 5; times += 1) expect(reservations.reserve(connection)).toBeDefined()
  expect(reservations.size).toBe(1)
  expect(reservations.of('A')?.since).toBe(first?.since)
  expect(released).toEqual([])
  reservations.stop()
})

test('a place goes over to a new connection of its holder, and the end of the old one is nothing to it', () => {
  const { reservations, released } = relay()
  const [old, later] = [holder('A'), holder('A')]
  reservations.reserve(old.connection)
  reservations.reserve(later.connection)
  old.end()
  expect(reservations.of('A')?.connection).toBe(later.connection)
  expect(isKeptConnection(old.connection)).toBe(false)
  later.end()
  expect(released).toEqual(['A'])
})

test('a connection that is over gets no place', () => {
  const { reservations } = relay()
  const { connection, end } = holder('A')
  end()
  expect(reservations.reserve(connection)).toBeUndefined()
  expect(reservations.size).toBe(0)
})

test('a place that is not renewed in time is free, one that is stays', () => {
  vi.useFakeTimers()
  try {
    const { reservations, released } = relay()
    const [renewed, left] = [holder('A'), holder('B')]
    reservations.reserve(renewed.connection)
    reservations.reserve(left.connection)
    vi.advanceTimersByTime(40_000)
    reservations.reserve(renewed.connection)
    vi.advanceTimersByTime(30_000)
    expect(released).toEqual(['B'])
    vi.advanceTimersByTime(30_000)
    expect(released).toEqual(['B', 'A'])
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test.each([
  ['back by a year', -365],
  ['on by a year', 365],
])('a clock that is set %s ends no place, and keeps none', (_, days) => {
  vi.useFakeTimers()
  try {
    const { reservations, released } = relay()
    reservations.reserve(holder('A').connection)
    vi.setSystemTime(Date.now() + days * 86_400_000)
    reservations.reserve(holder('B', '192.0.2.2').connection)
    vi.advanceTimersByTime(59_000)
    expect(released).toEqual([])
    vi.advanceTimersByTime(2_000)
    expect(released).toEqual(['A', 'B'])
  } finally {
    vi.useRealTimers()
  }
})

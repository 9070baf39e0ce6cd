import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { Circuits } from '../../../src/network/relay-server/circuits.ts'
import { DEFAULT_RELAY_LIMITS } from '../../../src/network/relay-server/relay-limits.ts'

const { maxCircuitsToPeer, maxCircuitsPerHost } = DEFAULT_RELAY_LIMITS

function circuits() {
  return new Circuits({ limits: DEFAULT_RELAY_LIMITS, hear: () => undefined })
}

let guests = 0

/** A guest at this address; each has a key of its own. */
function guestAt(address: string): Parameters<Circuits['take']>[0] {
  guests += 1
  return Object({ remotePeer: `guest-${guests}`, remoteAddr: multiaddr(address) })
}

/** Takes as many circuits as there are for guests of one host. @returns how many */
function takeAll(all: Circuits, host: string, to: string): number {
  let count = 0
  while (count < 1_000 && all.take(guestAt(host), to) !== undefined) count += 1
  return count
}

function hostOf(nth: number): string {
  return `/ip4/198.51.100.${nth}/tcp/1`
}

describe('the circuits to one inviter', () => {
  it('are as many as a host may have, for a crowd behind one router', () => {
    expect(takeAll(circuits(), hostOf(1), 'shop')).toBe(maxCircuitsPerHost)
  })

  it('are not all taken by a few hosts, however many keys they have: who has none gets one', () => {
    const all = circuits()
    const taken = [1, 2, 3, 4, 5, 6, 7, 8].map((nth) => takeAll(all, hostOf(nth), 'shop'))
    expect(taken).toEqual(taken.toSorted((a, b) => b - a))
    expect(all.countTo('shop')).toBeLessThan(maxCircuitsToPeer)
    expect(all.take(guestAt(hostOf(9)), 'shop')).toBeDefined()
    expect(all.take(guestAt(hostOf(1)), 'shop')).toBeUndefined()
  })

  it('of one host bound none of those to another inviter, but for what a host may have at all', () => {
    const all = circuits()
    for (const nth of [1, 2, 3, 4]) takeAll(all, hostOf(nth), 'shop')
    expect(takeAll(all, hostOf(5), 'village')).toBe(maxCircuitsPerHost)
  })

  it('are given back: a host that has left none may come again', () => {
    const all = circuits()
    for (const nth of [1, 2, 3]) takeAll(all, hostOf(nth), 'shop')
    const places = Array.from({ length: 100 }, () => all.take(guestAt(hostOf(4)), 'shop'))
    const held = places.filter((place) => place !== undefined)
    expect(all.take(guestAt(hostOf(4)), 'shop')).toBeUndefined()
    for (const place of held) place.leave()
    expect(takeAll(all, hostOf(4), 'shop')).toBe(held.length)
  })

  it('from this computer itself are as many as there are', () => {
    expect(takeAll(circuits(), '/ip4/127.0.0.1/tcp/1', 'shop')).toBe(maxCircuitsToPeer)
  })
})

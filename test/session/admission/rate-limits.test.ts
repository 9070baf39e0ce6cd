import { describe, expect, it } from 'vitest'
import { RateLimits } from '../../../src/session/admission/rate-limits.ts'

const MANY = 1_000_000

const NO_LIMITS = {
  maxConcurrentSessions: MANY,
  maxSessionsPerPeer: MANY,
  rateLimitPerPeer: MANY,
  rateLimitPerAddress: MANY,
  rateLimitTotal: MANY,
  badSecretsPerPeer: MANY,
}

describe('the rate of one address', () => {
  it('lets one look and begin, be it as low as it may be, and not once more', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitPerAddress: 1 })
    const [bob, carol] = ['bob', 'carol'].map((peerId) => ({ peerId, address: '192.0.2.7' }))
    if (bob === undefined || carol === undefined) throw new Error('nobody is there')
    expect(limits.take(bob, 0, false)).toBeUndefined()
    limits.settle(bob, 'look', 10)
    expect(limits.take(bob, 20, false)).toBeUndefined()
    limits.settle(bob, 'attempt', 30)
    expect(limits.take(carol, 40, false)).toMatchObject({ cause: 'address_rate' })
  })
})

describe('those who come by one relay', () => {
  const by = (relay: string | undefined, peerId: string) => ({ peerId, address: undefined, relay })

  it('may make a quarter of all attempts together, however many they are, and the rest is for others', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitTotal: 40 })
    const causes = Array.from(
      { length: 20 },
      (_, nth) => limits.take(by('relay /ip4/192.0.2.7/tcp/1', `guest ${nth}`), 0, false)?.cause,
    )
    expect(causes.filter((cause) => cause === undefined)).toHaveLength(10)
    expect(new Set(causes.slice(10))).toEqual(new Set(['address_rate']))
    expect(limits.take(by('relay /ip4/192.0.2.8/tcp/1', 'another'), 0, false)).toBeUndefined()
    expect(limits.take(by(undefined, 'direct'), 0, false)).toBeUndefined()
  })

  it('do not pay for the bad secrets of one of them', () => {
    const limits = new RateLimits({ ...NO_LIMITS, badSecretsPerPeer: 1 })
    const relay = 'relay /ip4/192.0.2.7/tcp/1'
    for (let nth = 0; nth < 100; nth += 1) limits.settle(by(relay, 'guesser'), 'bad_secret', 0)
    expect(limits.take(by(relay, 'guesser'), 0, false)).toMatchObject({ cause: 'bad_secrets' })
    expect(limits.take(by(relay, 'bob'), 0, false)).toBeUndefined()
  })
})

describe('bad secrets', () => {
  const home = '192.0.2.7'

  it('make newcomers at their address dear, ten times as late as their own peer, and nobody elsewhere', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitPerAddress: 10, badSecretsPerPeer: 1 })
    const showBad = (nth: number): void =>
      limits.settle({ peerId: `guesser ${nth}`, address: home }, 'bad_secret', 0)
    const newcomers = (address: string, names: readonly string[]) =>
      names.map((peerId) => limits.take({ peerId, address }, 0, false)?.cause)
    for (let nth = 1; nth < 10; nth += 1) showBad(nth)
    expect(newcomers(home, ['a'])).toEqual([undefined])
    limits.settle({ peerId: 'a', address: home }, 'nothing', 0)
    showBad(10)
    expect(newcomers(home, ['b', 'c'])).toEqual([undefined, 'address_rate'])
    expect(newcomers('192.0.2.8', ['d', 'e'])).toEqual([undefined, undefined])
    expect(limits.take({ peerId: 'f', address: home }, 0, true)).toBeUndefined()
  })

  it('shut out the peer that shows them, wherever it is', () => {
    const limits = new RateLimits({ ...NO_LIMITS, badSecretsPerPeer: 1 })
    limits.settle({ peerId: 'mallory', address: home }, 'bad_secret', 0)
    const again = limits.take({ peerId: 'mallory', address: '192.0.2.8' }, 0, false)
    expect(again).toMatchObject({ cause: 'bad_secrets' })
  })
})

describe('attempts and bad secrets at another node', () => {
  const bob = { peerId: 'bob', address: '192.0.2.7' }

  it('count as if they had been made here, and no longer than those', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitPerPeer: 2 })
    limits.usedElsewhere({ of: 'attempts', key: 'bob', amount: 100 }, 0)
    expect(limits.take(bob, 0, false)).toMatchObject({ cause: 'peer_rate' })
    expect(limits.take(bob, 60_000, false)).toBeUndefined()
    limits.usedElsewhere({ of: 'attempts', key: 'bob', amount: 1 }, 60_000)
    expect(limits.take(bob, 60_000, false)).toMatchObject({ cause: 'peer_rate' })
  })

  it('shut out a peer, and make its address dear', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitPerAddress: 10, badSecretsPerPeer: 1 })
    limits.usedElsewhere({ of: 'bad_secrets', key: 'mallory', amount: 1 }, 0)
    const mallory = limits.take({ peerId: 'mallory', address: undefined }, 0, false)
    expect(mallory).toMatchObject({ cause: 'bad_secrets' })
    limits.usedElsewhere({ of: 'bad_secrets_at', key: bob.address, amount: 10 }, 0)
    expect(limits.take(bob, 0, false)).toBeUndefined()
    const another = limits.take({ ...bob, peerId: 'carol' }, 0, false)
    expect(another).toMatchObject({ cause: 'address_rate' })
  })
})

describe('a peer that holds a reservation', () => {
  const bob = { peerId: 'bob', address: '192.0.2.7' }

  /** What becomes of the holder's second attempt within one of the limits. */
  function second(limit: Partial<typeof NO_LIMITS>) {
    const limits = new RateLimits({ ...NO_LIMITS, ...limit })
    expect(limits.take(bob, 0, true)).toBeUndefined()
    return limits.take(bob, 0, true)?.cause
  }

  it('is bound by its own limit like everybody', () => {
    expect(second({ rateLimitPerPeer: 1 })).toBe('peer_rate')
  })

  it('is not bound by the limits that it shares with others', () => {
    expect(second({ rateLimitPerAddress: 1 })).toBeUndefined()
    expect(second({ rateLimitTotal: 1 })).toBeUndefined()
  })

  it('is shut out for bad secrets like everybody', () => {
    const limits = new RateLimits({ ...NO_LIMITS, badSecretsPerPeer: 1 })
    limits.settle(bob, 'bad_secret', 0)
    expect(limits.take(bob, 0, true)).toMatchObject({ cause: 'bad_secrets' })
  })
})

describe('the limits of one peer', () => {
  const bob = { peerId: 'bob', address: '192.0.2.7' }

  it('tell how often it may still come, and when once more', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitPerPeer: 4, badSecretsPerPeer: 2 })
    const unused = { attempts: { left: 4, perMinute: 4, retryAfterMs: 0 } }
    expect(limits.ofPeer('bob', 0)).toMatchObject({
      ...unused,
      badSecrets: { left: 2, retryAfterMs: 0 },
    })
    for (const left of [3, 2, 1, 0]) {
      expect(limits.take(bob, 0, false)).toBeUndefined()
      expect(limits.ofPeer('bob', 0).attempts.left).toBe(left)
    }
    const refused = limits.take(bob, 0, false)
    expect(refused).toMatchObject({ cause: 'peer_rate' })
    expect(limits.ofPeer('bob', 0).attempts.retryAfterMs).toBe(refused?.retryAfterMs)
    expect(limits.ofPeer('bob', 60_000)).toMatchObject(unused)
    expect(limits.ofPeer('carol', 0)).toMatchObject(unused)
  })

  it('are forgotten for this peer alone, wrong secrets too', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitPerPeer: 1, badSecretsPerPeer: 1 })
    const carol = { ...bob, peerId: 'carol' }
    for (const peer of [bob, carol]) {
      expect(limits.take(peer, 0, false)).toBeUndefined()
      limits.settle(peer, 'bad_secret', 0)
      expect(limits.take(peer, 0, false)).toMatchObject({ cause: 'bad_secrets' })
    }
    limits.resetPeer('bob')
    expect(limits.ofPeer('bob', 0)).toMatchObject({
      attempts: { left: 1, retryAfterMs: 0 },
      badSecrets: { left: 1, retryAfterMs: 0 },
    })
    expect(limits.take(bob, 0, false)).toBeUndefined()
    expect(limits.take(carol, 0, false)).toMatchObject({ cause: 'bad_secrets' })
  })
})

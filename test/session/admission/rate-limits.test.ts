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

const nothing = (): boolean => false

describe('the rate of one address', () => {
  it('lets one look and begin, be it as low as it may be, and not once more', () => {
    const limits = new RateLimits({ ...NO_LIMITS, rateLimitPerAddress: 1 })
    const [bob, carol] = ['bob', 'carol'].map((peerId) => ({ peerId, address: '192.0.2.7' }))
    if (bob === undefined || carol === undefined) throw new Error('nobody is there')
    expect(limits.take(bob, 0, nothing)).toBeUndefined()
    limits.settle(bob, 'look', 10)
    expect(limits.take(bob, 20, nothing)).toBeUndefined()
    limits.settle(bob, 'attempt', 30)
    expect(limits.take(carol, 40, nothing)).toMatchObject({ cause: 'address_rate' })
  })
})

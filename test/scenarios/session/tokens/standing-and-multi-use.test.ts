import { describe, expect, it } from 'vitest'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

describe('a standing invitation', () => {
  const STANDING = { usesAllowed: null }

  it('gives one tally to each peer', async () => {
    const world = new World()
    const link = world.invite(STANDING)
    const peers = [world.bob, world.stranger(3), world.stranger(4)]
    for (const peer of peers) await world.redeemed(link, {}, peer)
    await world.redeemed(link)
    expect(new Set((await world.alice.tallies).map(({ tallyId }) => tallyId)).size).toBe(3)
  })

  it('gives another to a peer that asks for it', async () => {
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const world = new World()
      const link = world.invite({ ...STANDING, initiatorRole })
      const first = await world.redeemed(link)
      const second = await world.redeemed(link, { another: true })
      expect(second.completed).toBe(true)
      expect(second.completed && second.tallyId).not.toBe(first.completed && first.tallyId)
      expect(await world.alice.tallies).toHaveLength(2)
      expect(await world.bob.tallies).toHaveLength(2)
    }
  })

  it('serves many at once, each with its own tally', async () => {
    const world = new World()
    const link = world.invite(STANDING)
    const peers = Array.from({ length: 40 }, (_, index) => world.stranger(index + 10))
    const outcomes = await Promise.all(peers.map((peer) => world.redeem(link, {}, peer)))
    await settle()
    expect(outcomes.filter(({ completed }) => completed)).toHaveLength(40)
    expect(new Set((await world.alice.tallies).map(({ tallyId }) => tallyId)).size).toBe(40)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('a token with two uses', () => {
  it('makes two tallies for two peers, and none for the third', async () => {
    const world = new World()
    const link = world.invite({ usesAllowed: 2 })
    const peers = [world.bob, world.stranger(3), world.stranger(4)]
    const outcomes = await Promise.all(peers.map((peer) => world.redeem(link, {}, peer)))
    await settle()
    expect(outcomes.filter(({ completed }) => completed)).toHaveLength(2)
    expect(await world.alice.tallies).toHaveLength(2)
  })
})

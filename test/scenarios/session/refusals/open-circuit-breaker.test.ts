import { describe, expect, it } from 'vitest'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { stuckWorld } from '../../../support/session/stalls.ts'
import { NOTHING_LEFT, type TestNode, World } from '../../../support/session/world.ts'

/** An inviter whose databases can be made to fail. */
function brittleWorld(config = {}) {
  const database = { isBroken: true, built: 0 }
  const world = new World({
    inviter: {
      config: { breakerFailures: 3, breakerPauseMs: 20_000, ...config },
      hooks: (own) => ({
        ...own,
        database: {
          ...own.database,
          provision: async (...all) => {
            database.built += 1
            if (database.isBroken) throw new Error('no database')
            return await own.database.provision(...all)
          },
        },
      }),
    },
  })
  return { world, database }
}

async function strangers(world: World, count: number): Promise<TestNode[]> {
  return await Promise.all(Array.from({ length: count }, (_, index) => world.stranger(10 + index)))
}

describe('the breaker round the database hook', () => {
  it('opens after so many failures; then nobody’s use is reserved, and nothing is recorded', async () => {
    const { world, database } = brittleWorld()
    const link = world.invite({ usesAllowed: null })
    const [one, two, three, four] = await strangers(world, 4)
    for (const peer of [one, two, three]) {
      expect(await world.redeemed(link, {}, peer)).toMatchObject({ reason: 'provision_failed' })
    }
    const rows = world.alice.sessions.length
    const events = world.alice.auditEvents.length
    expect(await world.redeemed(link, {}, four)).toMatchObject({
      reason: 'busy',
      retryAfterMs: 20_000,
    })
    expect(database.built).toBe(3)
    expect(world.alice.sessions).toHaveLength(rows)
    expect(world.alice.auditEvents).toHaveLength(events)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    expect(world.alice.manager.admission).toMatchObject({
      breaker: { state: 'open', failuresInARow: 3 },
      refused: { breaker: 1 },
    })
    expect(world.alice.complaints.join()).toContain('failed 3 times in a row')
  })

  it('lets one try after the pause, and all when that went well', async () => {
    const { world, database } = brittleWorld()
    const link = world.invite({ usesAllowed: null })
    const peers = await strangers(world, 6)
    for (const peer of peers.slice(0, 3)) await world.redeemed(link, {}, peer)
    await world.pass(20_000)
    database.isBroken = false
    expect(world.alice.manager.admission.breaker.state).toBe('half_open')
    for (const peer of peers) {
      expect(await world.redeemed(link, {}, peer)).toMatchObject({ completed: true })
    }
    expect(world.alice.manager.admission.breaker).toMatchObject({ state: 'closed' })
  })

  it('gives the try to somebody else if the first left before it came to that', async () => {
    const { world, database } = brittleWorld()
    const link = world.invite({ usesAllowed: null, identityRequirements: ['name'] })
    const peers = await strangers(world, 4)
    for (const peer of peers.slice(0, 3)) {
      await world.redeemed(link, { identity: { name: 'x' } }, peer)
    }
    expect(database.built).toBe(3)
    await world.pass(20_000)
    database.isBroken = false
    const [first] = peers
    // It lacks what is required.
    expect(await world.redeemed(link, {}, first)).toMatchObject({ reason: 'identity_required' })
    expect(await world.redeemed(link, { identity: { name: 'x' } }, first)).toMatchObject({
      completed: true,
    })
  })

  it('opens when building only hangs', async () => {
    const world = stuckWorld({ breakerFailures: 2 })
    const link = world.invite({ usesAllowed: null })
    for (const peer of await strangers(world, 2)) {
      void world.redeem(link, {}, peer)
      await world.pass(11_000)
    }
    expect(await world.redeemed(link)).toMatchObject({ reason: 'busy' })
    await world.pass(30_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('keeps no answer from whoever has a right to it', async () => {
    const { world, database } = brittleWorld()
    database.isBroken = false
    const link = world.invite({ usesAllowed: null })
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    database.isBroken = true
    for (const peer of await strangers(world, 3)) await world.redeemed(link, {}, peer)
    expect(world.alice.manager.admission.breaker.state).toBe('open')
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })

  it('keeps nobody from an invitation that the invitee builds for', async () => {
    const { world } = brittleWorld()
    const link = world.invite({ usesAllowed: null })
    for (const peer of await strangers(world, 3)) await world.redeemed(link, {}, peer)
    const foil = world.invite({ initiatorRole: 'foil', secret: 8 })
    expect(await world.redeemed(foil)).toMatchObject({ completed: true })
  })
})

import { describe, expect, it } from 'vitest'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import { tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

const IDENTITY = { identity: { name: 'Bob' } }
const REQUIRED = { identityRequirements: ['name'] }
const ROLES = ['stock', 'foil'] as const

/** A world whose inviter takes its time to say yes to an identity, and counts what is built. */
function slowWorld() {
  const asked = Promise.withResolvers<true>()
  const built: string[] = []
  const released: string[] = []
  const hooks = (own: SessionHooks): SessionHooks => ({
    ...own,
    token: {
      validate: (...all) => own.token.validate(...all),
      markUsed: (...all) => own.token.markUsed(...all),
      release: async (tokenId) => void released.push(tokenId),
    },
    identity: { validate: () => asked.promise },
    database: {
      ...own.database,
      provision: (...all) => {
        built.push(all[4].tallyId)
        return own.database.provision(...all)
      },
    },
  })
  const world = new World({ inviter: { hooks }, invitee: { hooks } })
  return { world, built, released, sayYes: () => asked.resolve(true) }
}

/** In the ledger, which is what counts; the token hook said its yes before. */
async function revoke(world: World, secret: Uint8Array): Promise<void> {
  const tokenId = tokenIdOf(secret)
  const { clock, store } = world.alice
  await store.transact(() => tokenRecords.revoke(tokenId, clock.now()))
}

describe.each(ROLES)('a token revoked while the identity is being checked (%s)', (role) => {
  it('lets nothing be built, and the peer hears why', async () => {
    const { world, built, released, sayYes } = slowWorld()
    const link = world.invite({ ...REQUIRED, initiatorRole: role })
    const outcome = world.redeem(link, IDENTITY)
    await settle()
    await revoke(world, link.secret)
    sayYes()
    await settle()
    expect(await outcome).toMatchObject({ completed: false, reason: 'revoked' })
    expect(built).toEqual([])
    expect(world.alice.sessions).toMatchObject([
      { state: 'FAILED', reason: 'revoked', step: 'VALIDATING_IDENTITY' },
    ])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    expect(world.alice.auditEvents).toContain('released')
    expect(released).toEqual([tokenIdOf(link.secret)])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe.each(ROLES)('a token revoked while the host is being asked for the use (%s)', (role) => {
  it('lets nothing be built, and the use is given back', async () => {
    const asked = Promise.withResolvers<true>()
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          token: {
            validate: (...all) => own.token.validate(...all),
            markUsed: (...all) => own.token.markUsed(...all),
            reserve: () => asked.promise,
          },
        }),
      },
    })
    const link = world.invite({ initiatorRole: role })
    const outcome = world.redeem(link)
    await settle()
    await revoke(world, link.secret)
    asked.resolve(true)
    await settle()
    expect(await outcome).toMatchObject({ completed: false, reason: 'revoked' })
    expect(world.alice.sessions).toMatchObject([{ state: 'FAILED', step: 'VALIDATING_TOKEN' }])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    expect(await world.bob.tallies).toEqual([])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('a token revoked once building has begun', () => {
  it('changes nothing for whom it was begun', async () => {
    const world = new World()
    const link = world.invite()
    const { database } = world.alice.own
    const provision = database.provision.bind(database)
    database.provision = async (...all) => {
      await revoke(world, link.secret)
      return await provision(...all)
    }
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
  })
})

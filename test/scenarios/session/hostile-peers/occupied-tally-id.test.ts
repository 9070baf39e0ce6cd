import { describe, expect, it } from 'vitest'
import { tallyIdOf } from '../../../../src/protocol/draft/tally-id.ts'
import { tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import type { TallyRecord } from '../../../../src/session/ports/tally.ts'
import { tallyRecords } from '../../../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { automergeDatabase } from '../../../../src/tally/automerge-database.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

/** What Alice holds with somebody who knew her token, and chose the id of what he built for her. */
function squatter(world: World, tallyId: string, partner: string): TallyRecord {
  return {
    tallyId,
    role: 'foil',
    partner: { peerId: partner, identity: {} },
    built: {
      tally: { tallyId, createdBy: 'stock' },
      database: automergeDatabase(tallyId),
      draft: { text: '{}', sha256: '0'.repeat(64) },
    },
    status: 'confirmed',
    redemptionId: 'redemption-of-mallory',
    createdAt: world.clock.now(),
  }
}

const ROLES = ['stock', 'foil'] as const

function foretold(world: World, secret: Uint8Array): string {
  const tokenId = tokenIdOf(secret)
  return tallyIdOf({ tokenId, use: 1, inviter: world.alice.peerId, invitee: world.bob.peerId })
}

describe.each(ROLES)('a tally id that somebody foretold and occupied (%s)', (role) => {
  it('is not used: the rightful invitee gets its tally under another one', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: role })
    const taken = squatter(world, foretold(world, link.secret), world.stranger(3).peerId)
    await world.alice.store.write(({ tallies }) => tallies.insert(taken))
    const outcome = await world.redeemed(link)
    expect(outcome).toMatchObject({ completed: true })
    const tallyId = outcome.completed ? outcome.tallyId : ''
    expect(tallyId).not.toBe(taken.tallyId)
    expect(await world.redeemed(link)).toMatchObject({ completed: true, tallyId })
    expect(await world.alice.store.query(() => tallyRecords.find(taken.tallyId))).toEqual(taken)
    expect(await world.alice.tallies).toHaveLength(2)
    expect(await world.bob.tallies).toMatchObject([{ tallyId, status: 'confirmed' }])
  })

  it('between reservation and commit: the invitee is told, and the same link then leads to a tally', async () => {
    const gate = Promise.withResolvers<void>()
    const world = new World({
      [role === 'stock' ? 'inviter' : 'invitee']: {
        hooks: (own: World['alice']['own']) => ({
          ...own,
          database: {
            provision: async (...all: Parameters<typeof own.database.provision>) => {
              await gate.promise
              return await own.database.provision(...all)
            },
          },
        }),
      },
    })
    const link = world.invite({ initiatorRole: role })
    const outcome = world.redeem(link)
    await settle()
    const taken = squatter(world, foretold(world, link.secret), world.stranger(3).peerId)
    await world.alice.store.write(({ tallies }) => tallies.insert(taken))
    gate.resolve()
    await settle()
    expect(await outcome).toMatchObject({ completed: false, reason: 'database_refused' })
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    expect(await world.bob.tallies).toEqual([])
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect(await world.alice.store.query(() => tallyRecords.find(taken.tallyId))).toEqual(taken)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

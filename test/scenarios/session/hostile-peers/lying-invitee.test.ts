import { describe, expect, it } from 'vitest'
import { buildDraft, type DraftInput } from '../../../../src/protocol/draft/draft.ts'
import type {
  BuiltDatabase,
  DatabaseResultMessage,
} from '../../../../src/protocol/message/messages.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { automergeDatabase } from '../../../../src/tally/automerge-database.ts'
import {
  builtFrom,
  DATABASE,
  draftInput,
  IDENTITY,
} from '../../../support/session/honest-answers.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { World } from '../../../support/session/world.ts'

describe('an invitee that lies about what it built', () => {
  const lies: Readonly<Record<string, (honest: DraftInput) => Partial<BuiltDatabase>>> = {
    'the roles': (honest) => builtFrom({ ...honest, stock: honest.foil, foil: honest.stock }),
    'the terms': (honest) => builtFrom({ ...honest, terms: { unit: 'USD' } }),
    'the time': (honest) => builtFrom({ ...honest, createdAt: 5 }),
    'our identity': (honest) =>
      builtFrom({ ...honest, foil: { ...honest.foil, identity: { name: 'Mallory' } } }),
    'the creator': (honest) => builtFrom({ ...honest, createdBy: 'stock' }),
    'the tally id': (honest) => ({ tally: { tallyId: 'other', createdBy: honest.createdBy } }),
    'the hash': (honest) => ({ draft: { ...buildDraft(honest), sha256: '0'.repeat(64) } }),
    'the database': () => ({ database: { ...DATABASE, engine: 'somewhere-else' } }),
  }

  async function approved(world: World) {
    const link = world.invite({ initiatorRole: 'foil' })
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob, { identity: IDENTITY }))
    const [approval] = peer.heard
    if (approval?.type !== 'ProvisioningResult' || !approval.approved)
      throw new Error('no approval')
    const honest = {
      ...draftInput(world, 'foil'),
      tallyId: approval.tallyId,
      createdAt: approval.approvedAt,
    }
    const result: DatabaseResultMessage = {
      type: 'DatabaseResult',
      redemptionId: approval.redemptionId,
      built: { ...builtFrom(honest), database: automergeDatabase(approval.tallyId) },
    }
    return { peer, link, honest, result }
  }

  it.each(Object.keys(lies))('(%s) is refused, and the use is free again', async (what) => {
    const world = new World()
    const { peer, honest, result } = await approved(world)
    await peer.say({ ...result, built: { ...result.built, ...lies[what]?.(honest) } })
    expect(peer.heard.at(-1)).toMatchObject({ type: 'Receipt', outcome: 'refused' })
    expect(peer.refusal).toBe('database_refused')
    expect(await world.alice.tallies).toEqual([])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
  })

  it('is believed if it does not lie (or the tests above would prove nothing)', async () => {
    const world = new World()
    const { peer, result } = await approved(world)
    await peer.say(result)
    expect(peer.heard.at(-1)).toMatchObject({ type: 'Receipt', outcome: 'confirmed' })
  })

  it('about another redemption is refused', async () => {
    const world = new World()
    const { peer, result } = await approved(world)
    await peer.say({ ...result, redemptionId: 'another' })
    expect(peer.refusal).toBe('mismatch')
  })

  it('a second time, otherwise, changes nothing: the first one stands', async () => {
    const world = new World()
    const { peer, link, honest, result } = await approved(world)
    await peer.say(result)
    const again = scriptedInvitee(world)
    await again.say(contactOf(link, world.bob, { identity: IDENTITY }))
    await again.say({ ...result, built: builtFrom({ ...honest, tallyId: 'another' }) })
    expect(again.refusal).toBe('mismatch')
    expect(again.heard.at(-1)?.type).toBe('ProvisioningResult')
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 1, reserved: 0 },
    ])
    expect(await world.alice.tallies).toMatchObject([
      { status: 'confirmed', tallyId: honest.tallyId },
    ])
  })

  it("can't claim the id of a tally that is somebody else's", async () => {
    const world = new World()
    const stock = await world.redeemed(world.invite({ secret: 8 }))
    const { peer, honest, result } = await approved(world)
    const tallyId = stock.completed ? stock.tallyId : ''
    const built = { ...builtFrom({ ...honest, tallyId }), database: automergeDatabase(tallyId) }
    await peer.say({ ...result, built })
    expect(peer.heard.at(-1)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/taken/),
    })
    expect(await world.alice.tallies).toHaveLength(1)
  })
})

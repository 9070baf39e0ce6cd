import { describe, expect, it } from 'vitest'
import type { Role } from '../../../../src/protocol/base/role.ts'
import { buildDraft } from '../../../../src/protocol/draft/draft.ts'
import type { Message } from '../../../../src/protocol/message/messages.ts'
import type { TallyRecord } from '../../../../src/session/ports/tally.ts'
import { automergeDatabase } from '../../../../src/tally/automerge-database.ts'
import { dialerToScript, type ScriptedPeer } from '../../../support/session/scripted-peer.ts'
import { World } from '../../../support/session/world.ts'

const TALLY_ID = 'tally-of-bob-and-carol'
const TERMS = { unit: 'EUR' }

function built(world: World, partner: string, role: Role) {
  const inviter = { partyId: partner, identity: {}, cadre: [] }
  const bob = { partyId: world.bob.peerId, identity: {}, cadre: [] }
  return {
    tally: { tallyId: TALLY_ID, createdBy: role },
    database: automergeDatabase(TALLY_ID),
    draft: buildDraft({
      tallyId: TALLY_ID,
      createdAt: world.clock.now(),
      createdBy: role,
      stock: role === 'stock' ? inviter : bob,
      foil: role === 'stock' ? bob : inviter,
      terms: TERMS,
    }),
  }
}

/** Bob has a tally with Carol; then Alice answers an invitation of hers with that tally's id. */
async function claimed(role: Role, status: TallyRecord['status']) {
  const world = new World()
  const carol = world.stranger(3).peerId
  const before: TallyRecord = {
    tallyId: TALLY_ID,
    role: 'stock',
    partner: { peerId: carol, identity: {} },
    built: built(world, carol, 'foil'),
    status,
    redemptionId: 'redemption-of-carol',
    createdAt: world.clock.now(),
  }
  await world.bob.store.write(({ tallies }) => tallies.insert(before))
  const link = world.invite({ initiatorRole: role })
  const script = (message: Message, peer: ScriptedPeer): void => {
    if (message.type !== 'InboundContact') return
    void peer.say({
      type: 'ProvisioningResult',
      approved: true,
      sessionId: 'session',
      redemptionId: 'redemption-of-alice',
      role,
      partyId: world.alice.peerId,
      identity: {},
      cadre: [],
      terms: TERMS,
      tallyId: TALLY_ID,
      approvedAt: world.clock.now(),
      ...(role === 'stock'
        ? { built: built(world, world.alice.peerId, role) }
        : { buildWithinMs: 60_000 }),
    })
  }
  const dialer = dialerToScript(world, script)
  const outcome = await world.bob.manager.redeem({ link, identity: {}, cadre: [] }, dialer)
  return { world, before, outcome }
}

describe('an inviter that answers with the id of a tally that is here already', () => {
  for (const role of ['stock', 'foil'] as const) {
    for (const status of ['held', 'offered', 'confirmed'] as const) {
      it(`is not believed, and the tally stays as it was (${role}, ${status})`, async () => {
        const { world, before, outcome } = await claimed(role, status)
        expect(outcome).toMatchObject({ completed: false, reason: 'response_invalid' })
        expect(await world.bob.tallies).toEqual([before])
      })
    }
  }
})

import { describe, expect, it } from 'vitest'
import type { Role } from '../../../../src/protocol/base/role.ts'
import type { Approval, Message, Offer } from '../../../../src/protocol/message/messages.ts'
import {
  builtFrom,
  draftInput,
  honestApproval,
  honestOffer,
  IDENTITY,
  TALLY_ID,
} from '../../../support/session/honest-answers.ts'
import { dialerToScript, type ScriptedPeer } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

/** Bob redeems a link whose other end answers so. */
async function redeemFrom(
  world: World,
  role: Role,
  answers: { readonly offer?: Offer; readonly approval?: Approval; readonly receipt?: Message },
) {
  const link = world.invite({ initiatorRole: role })
  const script = (message: Message, peer: ScriptedPeer): void => {
    if (message.type === 'Inspect') void peer.say(answers.offer ?? honestOffer(world, role))
    if (message.type === 'InboundContact') {
      void peer.say(answers.approval ?? honestApproval(world, role))
    }
    if (message.type === 'DatabaseResult' && answers.receipt !== undefined) {
      void peer.say(answers.receipt)
    }
  }
  const dialer = dialerToScript(world, script)
  const outcome = await world.bob.manager.redeem({ link, identity: IDENTITY, cadre: [] }, dialer)
  await settle()
  return { outcome, peer: dialer.peers[0] }
}

describe('an inviter that is not what the link says', () => {
  it('is told nothing if its offer is another one', async () => {
    const lies: readonly Partial<Offer>[] = [{ role: 'foil' }, { expiresAt: 1 }]
    for (const lie of lies) {
      const world = new World()
      const offer = { ...honestOffer(world, 'stock'), ...lie }
      const { outcome, peer } = await redeemFrom(world, 'stock', { offer })
      expect(outcome).toMatchObject({ reason: 'offer_changed', step: 'SENDING_REQUEST' })
      expect(peer?.types).toEqual(['Inspect'])
      expect(peer?.closed).toBe('reset')
    }
  })

  it('is told nothing if its terms are not the ones that were agreed to', async () => {
    const world = new World()
    const link = world.invite()
    const consented: Offer = { ...honestOffer(world, 'stock'), terms: { unit: 'USD' } }
    const outcome = await world.redeemed(link, { identity: IDENTITY, consented })
    expect(outcome).toMatchObject({ reason: 'offer_changed' })
    expect(world.said(0).dialer.map(({ type }) => type)).toEqual(['Inspect'])
  })

  it('is told nothing if it wants to know more than is disclosed', async () => {
    const world = new World()
    const link = world.invite({ identityRequirements: ['name', 'email'] })
    const outcome = await world.redeemed(link, { identity: IDENTITY })
    expect(outcome).toMatchObject({ reason: 'identity_required', fields: ['email'] })
    expect(world.said(0).dialer.map(({ type }) => type)).toEqual(['Inspect'])
  })
})

describe('an inviter that requires what every object in JavaScript has', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__', 'trim']
  it.each(names)('is told nothing, and the session is over: %s', async (field) => {
    const world = new World()
    const offer = { ...honestOffer(world, 'stock'), required: ['name', field] }
    const { outcome, peer } = await redeemFrom(world, 'stock', { offer })
    expect(outcome).toMatchObject({ reason: 'identity_required', fields: [field] })
    expect(peer?.types).toEqual(['Inspect'])
    expect(peer?.closed).toBe('reset')
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('an inviter that lies in its answer', () => {
  const lies: Readonly<Record<string, (world: World) => Partial<Approval>>> = {
    'the party id': () => ({ partyId: '12D3KooWMa11ory' }),
    'the role': () => ({ role: 'foil' }),
    'the terms': () => ({ terms: { unit: 'USD' } }),
    'the tally id': () => ({ tallyId: 'another' }),
    'the time of approval': () => ({ approvedAt: 5 }),
    'the building': () => ({ built: undefined as never, buildWithinMs: 1 }),
    'the roles in the draft': (world) => {
      const input = draftInput(world, 'stock')
      return { built: builtFrom({ ...input, stock: input.foil, foil: input.stock }) }
    },
    'the terms in the draft': (world) => ({
      built: builtFrom({ ...draftInput(world, 'stock'), terms: { unit: 'USD' } }),
    }),
    'our identity in the draft': (world) => {
      const input = draftInput(world, 'stock')
      return { built: builtFrom({ ...input, foil: { ...input.foil, identity: {} } }) }
    },
    'the hash of the draft': (world) => {
      const honest = builtFrom(draftInput(world, 'stock'))
      return { built: { ...honest, draft: { ...honest.draft, sha256: '0'.repeat(64) } } }
    },
    'who built': (world) => {
      const honest = builtFrom(draftInput(world, 'stock'))
      return { built: { ...honest, tally: { ...honest.tally, createdBy: 'foil' } } }
    },
  }

  it.each(Object.keys(lies))('about %s gets no tally', async (what) => {
    const world = new World()
    const approval: Approval = { ...honestApproval(world, 'stock'), ...lies[what]?.(world) }
    const { outcome, peer } = await redeemFrom(world, 'stock', { approval })
    expect(outcome).toMatchObject({ reason: 'response_invalid', step: 'VALIDATING_RESPONSE' })
    expect(peer?.types).not.toContain('Acknowledgment')
    expect(await world.bob.tallies).toEqual([])
  })

  it('is believed if it does not lie (or the tests above would prove nothing)', async () => {
    const world = new World()
    // The memory hook accepts only its own kind of database.
    const approval = honestApproval(world, 'foil')
    const { outcome } = await redeemFrom(world, 'foil', {
      approval,
      receipt: {
        type: 'Receipt',
        redemptionId: 'redemption',
        tallyId: TALLY_ID,
        outcome: 'confirmed',
      },
    })
    expect(outcome).toMatchObject({ completed: true, tallyId: TALLY_ID })
  })

  it('about another redemption in its receipt leaves the tally held', async () => {
    const world = new World()
    const { outcome } = await redeemFrom(world, 'foil', {
      receipt: { type: 'Receipt', redemptionId: 'other', tallyId: TALLY_ID, outcome: 'confirmed' },
    })
    expect(outcome).toMatchObject({ reason: 'receipt_invalid', heldTallyId: TALLY_ID })
    expect((await world.bob.tallies)[0]?.status).toBe('held')
  })

  it('about having built, when it was ours to build, gets no tally', async () => {
    const world = new World()
    const approval = {
      ...honestApproval(world, 'foil'),
      built: builtFrom(draftInput(world, 'foil')),
    }
    const { outcome } = await redeemFrom(world, 'foil', { approval })
    expect(outcome).toMatchObject({ reason: 'response_invalid' })
    expect(world.bob.own.database.draftOf(TALLY_ID)).toBeUndefined()
  })

  it('with an answer that would change a confirmed tally is not believed', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: 'foil' })
    const first = await world.redeemed(link, { identity: IDENTITY })
    const tallyId = first.completed ? first.tallyId : ''
    const approval = { ...honestApproval(world, 'foil'), tallyId, approvedAt: 5 }
    const script = (message: Message, peer: ScriptedPeer): void => {
      if (message.type === 'Inspect') void peer.say(honestOffer(world, 'foil'))
      if (message.type === 'InboundContact') void peer.say(approval)
    }
    const dialer = dialerToScript(world, script)
    const again = await world.bob.manager.redeem({ link, identity: IDENTITY, cadre: [] }, dialer)
    expect(again).toMatchObject({ completed: false, reason: 'response_invalid' })
    expect((await world.bob.tallies).map(({ status }) => status)).toEqual(['confirmed'])
    expect(world.bob.own.database.draftOf(tallyId)).toBeDefined()
  })
})

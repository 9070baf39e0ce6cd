import { describe, expect, it } from 'vitest'
import type { Role } from '../../../src/protocol/base/role.ts'
import { buildDraft, type DraftInput } from '../../../src/protocol/draft/draft.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import type {
  Approval,
  BuiltDatabase,
  DatabaseResultMessage,
  Message,
  Offer,
} from '../../../src/protocol/message/messages.ts'
import { automergeDatabase } from '../../../src/tally/automerge-database.ts'
import {
  contactOf,
  dialerToScript,
  type ScriptedPeer,
  scriptedInvitee,
} from '../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'

const IDENTITY = { name: 'Bob' }
const TALLY_ID = 'tally-of-the-liar'
const DATABASE = { engine: 'memory', endpoint: 'memory:1', credentialsRef: 'none' }
const TERMS = { unit: 'EUR' }

function honestOffer(world: World, role: Role): Offer {
  const expiresAt = Math.floor((world.clock.now() + 3_600_000) / 1000)
  return { type: 'Offer', role, terms: TERMS, required: [], optional: [], expiresAt }
}

function draftInput(world: World, role: Role): DraftInput {
  const alice = { partyId: world.alice.peerId, identity: {}, cadre: [] }
  const bob = { partyId: world.bob.peerId, identity: IDENTITY, cadre: [] }
  return {
    tallyId: TALLY_ID,
    createdAt: world.clock.now(),
    createdBy: role,
    stock: role === 'stock' ? alice : bob,
    foil: role === 'stock' ? bob : alice,
    terms: TERMS,
  }
}

function builtFrom(input: DraftInput): BuiltDatabase {
  const { tallyId, createdBy } = input
  return { tally: { tallyId, createdBy }, database: DATABASE, draft: buildDraft(input) }
}

function honestApproval(world: World, role: Role): Approval {
  return {
    type: 'ProvisioningResult',
    approved: true,
    sessionId: 'session',
    redemptionId: 'redemption',
    role,
    partyId: world.alice.peerId,
    identity: {},
    cadre: [],
    terms: TERMS,
    tallyId: TALLY_ID,
    approvedAt: world.clock.now(),
    ...(role === 'stock'
      ? { built: builtFrom(draftInput(world, role)) }
      : { buildWithinMs: 60_000 }),
  }
}

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
  const outcome = await world.bob.manager.initiate({ link, identity: IDENTITY, cadre: [] }, dialer)
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
    expect(world.bob.tallies).toEqual([])
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
    expect(world.bob.tallies[0]?.status).toBe('held')
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
    const again = await world.bob.manager.initiate({ link, identity: IDENTITY, cadre: [] }, dialer)
    expect(again).toMatchObject({ completed: false, reason: 'response_invalid' })
    expect(world.bob.tallies.map(({ status }) => status)).toEqual(['confirmed'])
    expect(world.bob.own.database.draftOf(tallyId)).toBeDefined()
  })
})

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
    expect(world.alice.tallies).toEqual([])
    expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 0, reserved: 0 }])
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
    expect(world.alice.store.repositories.tokens.list()).toMatchObject([{ used: 1, reserved: 0 }])
    expect(world.alice.tallies).toMatchObject([{ status: 'confirmed', tallyId: honest.tallyId }])
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
    expect(world.alice.tallies).toHaveLength(1)
  })
})

describe('a peer that does not keep to the protocol', () => {
  it('is refused for a party id that is not its own', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob, { partyId: world.alice.peerId }))
    expect(peer.refusal).toBe('party_id_mismatch')
  })

  it('is refused for another role than the invitation has', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob, { role: 'foil' }))
    expect(peer.refusal).toBe('mismatch')
    expect(world.alice.store.repositories.tokens.list()).toEqual([])
  })

  it("can't look at one invitation and redeem another with it", async () => {
    const world = new World()
    const good = world.invite()
    const peer = scriptedInvitee(world)
    await peer.say({ type: 'Inspect', secret: secretToText(good.secret) })
    const secret = secretToText(new Uint8Array(16).fill(99))
    await peer.say(contactOf(good, world.bob, { secret }))
    expect(peer.types).toEqual(['Offer', 'ProvisioningResult'])
    expect(peer.refusal).toBe('invalid_token')
  })

  it('is cut off for anything out of order, wherever the session is', async () => {
    const world = new World()
    const link = world.invite()
    const secret = secretToText(link.secret)
    const orders: readonly (readonly Message[])[] = [
      [honestOffer(world, 'stock')],
      [
        { type: 'Inspect', secret },
        { type: 'Inspect', secret },
      ],
      [
        { type: 'Decline', secret },
        { type: 'Inspect', secret },
      ],
      [contactOf(link, world.bob), contactOf(link, world.bob)],
      [{ type: 'DatabaseResult', redemptionId: 'r', built: builtFrom(draftInput(world, 'foil')) }],
    ]
    for (const messages of orders) {
      const peer = scriptedInvitee(world)
      await Promise.all(messages.map((message) => peer.say(message)))
      await world.pass(2_000)
      expect(peer.closed).toBeDefined()
    }
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('costs its own session only when it sends rubbish', async () => {
    const world = new World()
    const link = world.invite()
    const rubbish = ['', '{', '[]', '{"type":"Offer"}', '{"type":"Inspect","secret":"x"}', '\u0000']
    for (const text of rubbish) await scriptedInvitee(world).sayBytes(Buffer.from(text))
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })
})

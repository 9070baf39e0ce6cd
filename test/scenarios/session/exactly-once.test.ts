import { describe, expect, it } from 'vitest'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { messageHash } from '../../../src/protocol/message/message-hash.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'

describe('the same request again', () => {
  it('is answered with the same bytes', async () => {
    const world = new World({ inviter: { party: { identity: { name: 'Alice' } } } })
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob))
    expect(first.types).toEqual(['ProvisioningResult'])
    expect(second.heardBytes).toEqual(first.heardBytes)
    expect(world.alice.tallies).toHaveLength(1)
  })

  it('is answered with the same bytes after the token expired or was revoked', async () => {
    for (const spoil of ['expire', 'revoke']) {
      const world = new World()
      const link = world.invite()
      const first = scriptedInvitee(world)
      await first.say(contactOf(link, world.bob))
      const [token] = world.alice.store.repositories.tokens.list()
      if (spoil === 'revoke') world.alice.own.token.revoke(token?.id ?? '')
      else await world.pass(3_600_000, 600_000)
      const second = scriptedInvitee(world)
      await second.say(contactOf(link, world.bob))
      expect(second.heardBytes).toEqual(first.heardBytes)
    }
  })

  it('under a new id, from a peer that lost its state, is answered with the same tally', async () => {
    const world = new World()
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob, { bootstrapId: 'bootstrap-2' }))
    expect(second.heardBytes).toEqual(first.heardBytes)
  })

  it('with other content is refused and alarms', async () => {
    const world = new World()
    const link = world.invite()
    await scriptedInvitee(world).say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob, { identity: { name: 'Mallory' } }))
    expect(second.refusal).toBe('mismatch')
    expect(world.alice.auditEvents).toContain('token.reuse/mismatch')
  })

  it('while the first is under way is told to come back, and is not run twice', async () => {
    let finish: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    let built = 0
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          database: {
            provision: async (...all) => {
              built += 1
              await gate
              return await own.database.provision(...all)
            },
          },
        }),
      },
    })
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob))
    expect(second.heard).toMatchObject([{ code: 'in_progress', retryAfterMs: 1_000 }])
    finish()
    await settle()
    expect(first.heard).toMatchObject([{ approved: true }])
    expect(built).toBe(1)
  })

  it('of another peer on a one-time token is refused and alarms', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    const carol = world.stranger(3)
    const outcome = await world.redeemed(link, {}, carol)
    expect(outcome).toMatchObject({ completed: false, reason: 'used' })
    expect(world.alice.auditEvents).toContain('token.reuse/used')
    expect(world.alice.tallies).toHaveLength(1)
    expect(carol.tallies).toHaveLength(0)
  })

  it('by the command run again leads to the same tally', async () => {
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const world = new World()
      const link = world.invite({ initiatorRole })
      const first = await world.redeemed(link)
      const second = await world.redeemed(link)
      expect(second).toMatchObject({ completed: true })
      expect(second.completed && second.tallyId).toBe(first.completed && first.tallyId)
      expect(world.alice.tallies).toHaveLength(1)
      expect(world.bob.tallies).toHaveLength(1)
    }
  })

  it('is answered from memory if the inviter is away', async () => {
    const world = new World()
    const link = world.invite()
    const first = await world.redeemed(link)
    const away = { localPeer: world.bob.peerId, dial: () => Promise.reject(new Error('away')) }
    const again = await world.bob.manager.initiate({ link, identity: {}, cadre: [] }, away)
    expect(again).toMatchObject({ completed: true, tallyId: first.completed ? first.tallyId : '' })
  })
})

describe('a lost acknowledgment', () => {
  it('leaves the invitee confirmed and the inviter with an offer', async () => {
    const world = new World()
    world.faults = {
      fate: (from, _payload, nth) => (from === 'dialer' && nth === 2 ? 'cut' : 'deliver'),
    }
    const outcome = await world.redeemed(world.invite())
    expect(outcome.completed).toBe(true)
    expect(world.bob.tallies[0]?.status).toBe('confirmed')
    expect(world.alice.tallies[0]?.status).toBe('offered')
    expect(world.alice.sessions[0]?.state).toBe('COMPLETED')
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('is made good by the next contact', async () => {
    const world = new World()
    const link = world.invite()
    world.faults = {
      fate: (from, _payload, nth) => (from === 'dialer' && nth === 2 ? 'cut' : 'deliver'),
    }
    await world.redeemed(link)
    world.faults = {}
    await world.redeemed(link)
    expect(world.alice.tallies[0]?.status).toBe('confirmed')
  })

  it('is made good on any later stream', async () => {
    const world = new World()
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    first.transport.reset()
    await settle()
    const [session] = world.alice.sessions
    const { redemptionId = '' } = session ?? {}
    const responseHash = hashOf(first.heardBytes[0])
    const late = scriptedInvitee(world)
    await late.say({ type: 'Acknowledgment', redemptionId, responseHash })
    expect(world.alice.tallies[0]?.status).toBe('confirmed')
    expect(late.otherEnded).toBe(true)
    await late.transport.close()
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('of another peer, or of other bytes, confirms nothing', async () => {
    const world = new World()
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const { redemptionId = '' } = world.alice.sessions[0] ?? {}
    const responseHash = hashOf(first.heardBytes[0])
    await first.say({ type: 'Acknowledgment', redemptionId, responseHash: 'f'.repeat(64) })
    const carol = world.stranger(3)
    await scriptedInvitee(world, carol).say({ type: 'Acknowledgment', redemptionId, responseHash })
    expect(world.alice.tallies[0]?.status).toBe('offered')
  })

  it('is waited for a step long, then the stream is given up', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob))
    expect(world.alice.manager.getActiveSessionCounts().total).toBe(0)
    expect(world.leftovers.openStreams).toBe(1)
    await world.pass(6_500)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('is recorded once, however often it comes', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob))
    const { redemptionId = '' } = world.alice.sessions[0] ?? {}
    const acknowledgment = {
      type: 'Acknowledgment',
      redemptionId,
      responseHash: hashOf(peer.heardBytes[0]),
    } as const
    await Promise.all([
      peer.say(acknowledgment),
      peer.say(acknowledgment),
      peer.say(acknowledgment),
    ])
    const confirmed = world.alice.auditEvents.filter((event) => event === 'confirmed')
    expect(confirmed).toEqual(['confirmed'])
    expect(peer.closed).toBe('reset')
  })
})

describe('a lost message of a foil exchange', () => {
  const lost = [
    { what: 'the contact', from: 'dialer', nth: 1 },
    { what: 'the response', from: 'listener', nth: 1 },
    { what: 'the database result', from: 'dialer', nth: 2 },
    { what: 'the receipt', from: 'listener', nth: 2 },
  ] as const

  for (const how of ['cut', 'drop'] as const) {
    it.each(lost)(
      `($what, ${how}) is made good by running the link again`,
      async ({ from, nth }) => {
        const world = new World()
        const link = world.invite({ initiatorRole: 'foil' })
        world.faults = {
          fate: (side, _payload, n) => (side === from && n === nth ? how : 'deliver'),
        }
        const first = world.redeem(link)
        await world.pass(35_000)
        expect((await first).completed).toBe(false)
        world.faults = {}
        const second = await world.redeemed(link)
        expect(second.completed).toBe(true)
        expect(world.alice.tallies.map(({ status }) => status)).toEqual(['confirmed'])
        expect(world.bob.tallies.map(({ status }) => status)).toEqual(['confirmed'])
        expect(world.bob.tallies[0]?.built).toEqual(world.alice.tallies[0]?.built)
        const tallyId = world.bob.tallies[0]?.tallyId ?? ''
        expect(world.bob.own.database.draftOf(tallyId)).toEqual(world.bob.tallies[0]?.built.draft)
        await world.pass(1_000)
        expect(world.leftovers).toEqual(NOTHING_LEFT)
      },
    )
  }

  it('even after the inviter has given the reservation up', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: 'foil' })
    world.alice.manager.start()
    world.faults = {
      fate: (side, _payload, n) => (side === 'dialer' && n === 2 ? 'cut' : 'deliver'),
    }
    const first = await world.redeemed(link)
    expect(first).toMatchObject({ completed: false })
    expect(first.completed ? undefined : first.heldTallyId).toBeDefined()
    await world.pass(700_000, 10_000)
    expect(world.alice.auditEvents).toContain('released')
    world.faults = {}
    const second = await world.redeemed(link)
    expect(second.completed).toBe(true)
    expect(world.bob.tallies).toHaveLength(1)
    expect(world.bob.tallies[0]?.built).toEqual(world.alice.tallies[0]?.built)
    await world.alice.manager.drain(0)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('and what was built is taken back once the inviter says that nothing is there', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: 'foil' })
    world.alice.manager.start()
    world.faults = {
      fate: (side, _payload, n) => (side === 'dialer' && n === 2 ? 'cut' : 'deliver'),
    }
    const first = await world.redeemed(link)
    const heldTallyId = first.completed ? undefined : first.heldTallyId
    expect(world.bob.own.database.draftOf(heldTallyId ?? '')).toBeDefined()
    await world.pass(3_600_000, 100_000)
    world.faults = {}
    expect(await world.redeemed(link)).toMatchObject({ completed: false, reason: 'expired' })
    expect(world.bob.tallies).toEqual([])
    expect(world.bob.own.database.draftOf(heldTallyId ?? '')).toBeUndefined()
  })
})

describe('a standing invitation', () => {
  const STANDING = { usesAllowed: null }

  it('gives one tally to each peer', async () => {
    const world = new World()
    const link = world.invite(STANDING)
    const peers = [world.bob, world.stranger(3), world.stranger(4)]
    for (const peer of peers) await world.redeemed(link, {}, peer)
    await world.redeemed(link)
    expect(new Set(world.alice.tallies.map(({ tallyId }) => tallyId)).size).toBe(3)
  })

  it('gives another to a peer that asks for it', async () => {
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const world = new World()
      const link = world.invite({ ...STANDING, initiatorRole })
      const first = await world.redeemed(link)
      const second = await world.redeemed(link, { another: true })
      expect(second.completed).toBe(true)
      expect(second.completed && second.tallyId).not.toBe(first.completed && first.tallyId)
      expect(world.alice.tallies).toHaveLength(2)
      expect(world.bob.tallies).toHaveLength(2)
    }
  })

  it('serves many at once, each with its own tally', async () => {
    const world = new World()
    const link = world.invite(STANDING)
    const peers = Array.from({ length: 40 }, (_, index) => world.stranger(index + 10))
    const outcomes = await Promise.all(peers.map((peer) => world.redeem(link, {}, peer)))
    await settle()
    expect(outcomes.filter(({ completed }) => completed)).toHaveLength(40)
    expect(new Set(world.alice.tallies.map(({ tallyId }) => tallyId)).size).toBe(40)
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
    expect(world.alice.tallies).toHaveLength(2)
  })
})

describe('a decline', () => {
  it('ends the offer for that peer only, and is seen by the inviter', async () => {
    const world = new World()
    const link = world.invite({ usesAllowed: null })
    const peer = scriptedInvitee(world)
    await peer.say({ type: 'Decline', secret: secretToText(link.secret), reason: 'too dear' })
    expect(peer.types).toEqual([])
    expect(world.alice.sessions).toMatchObject([
      { state: 'FAILED', reason: 'declined', detail: 'too dear', peerId: world.bob.peerId },
    ])
    expect(world.alice.auditEvents).toEqual(['declined'])
    expect(await world.redeemed(link)).toMatchObject({ reason: 'declined' })
    const carol = world.stranger(3)
    expect(await world.redeemed(link, {}, carol)).toMatchObject({ completed: true })
  })

  it.each(['stock', 'foil'] as const)(
    'of a tally that exists (%s) takes nothing back',
    async (role) => {
      const world = new World()
      const link = world.invite({ initiatorRole: role })
      const first = await world.redeemed(link)
      const peer = scriptedInvitee(world)
      await peer.say({ type: 'Decline', secret: secretToText(link.secret) })
      const again = await world.redeemed(link)
      expect(first).toMatchObject({ completed: true })
      expect(again).toMatchObject({ completed: true, tallyId: first.completed && first.tallyId })
    },
  )

  it('by somebody without the secret does nothing', async () => {
    const world = new World()
    world.invite()
    const peer = scriptedInvitee(world)
    await peer.say({ type: 'Decline', secret: secretToText(new Uint8Array(16).fill(99)) })
    expect(peer.refusal).toBe('invalid_token')
    expect(world.alice.sessions).toEqual([])
  })

  it('may follow a look at the offer', async () => {
    const world = new World()
    const secret = secretToText(world.invite().secret)
    const peer = scriptedInvitee(world)
    await peer.say({ type: 'Inspect', secret })
    await peer.say({ type: 'Decline', secret })
    expect(peer.types).toEqual(['Offer'])
    expect(world.alice.auditEvents).toEqual(['declined'])
  })
})

function hashOf(payload: Uint8Array | undefined): string {
  return messageHash(payload ?? new Uint8Array())
}

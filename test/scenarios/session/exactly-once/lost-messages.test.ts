import { describe, expect, it } from 'vitest'
import { messageHash } from '../../../../src/protocol/message/message-hash.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

describe('a lost acknowledgment', () => {
  it('leaves the invitee confirmed and the inviter with an offer', async () => {
    const world = new World()
    world.faults = {
      fate: (from, _payload, nth) => (from === 'dialer' && nth === 2 ? 'cut' : 'deliver'),
    }
    const outcome = await world.redeemed(world.invite())
    expect(outcome.completed).toBe(true)
    expect((await world.bob.tallies)[0]?.status).toBe('confirmed')
    expect((await world.alice.tallies)[0]?.status).toBe('offered')
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
    expect((await world.alice.tallies)[0]?.status).toBe('confirmed')
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
    expect((await world.alice.tallies)[0]?.status).toBe('confirmed')
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
    expect((await world.alice.tallies)[0]?.status).toBe('offered')
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
        expect((await world.alice.tallies).map(({ status }) => status)).toEqual(['confirmed'])
        expect((await world.bob.tallies).map(({ status }) => status)).toEqual(['confirmed'])
        expect((await world.bob.tallies)[0]?.built).toEqual((await world.alice.tallies)[0]?.built)
        const tallyId = (await world.bob.tallies)[0]?.tallyId ?? ''
        expect(world.bob.own.database.draftOf(tallyId)).toEqual(
          (await world.bob.tallies)[0]?.built.draft,
        )
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
    expect(await world.bob.tallies).toHaveLength(1)
    expect((await world.bob.tallies)[0]?.built).toEqual((await world.alice.tallies)[0]?.built)
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
    expect(await world.bob.tallies).toEqual([])
    expect(world.bob.own.database.draftOf(heldTallyId ?? '')).toBeUndefined()
  })
})

function hashOf(payload: Uint8Array | undefined): string {
  return messageHash(payload ?? new Uint8Array())
}

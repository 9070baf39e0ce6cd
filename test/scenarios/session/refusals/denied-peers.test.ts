import { describe, expect, it } from 'vitest'
import { memoryTransportPair } from '../../../support/memory-transport.ts'
import { scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

/** Alice, who takes nothing from those who stand in the set. */
function worldWithDenied() {
  const denied = new Set<string>()
  return { denied, world: new World({ inviter: { isDenied: (peerId) => denied.has(peerId) } }) }
}

describe('a peer that is denied', () => {
  it('is told so before it has said a word, and costs no session, no attempt, no record', async () => {
    const { denied, world } = worldWithDenied()
    denied.add(world.bob.peerId)
    for (let nth = 0; nth < 20; nth += 1) {
      const peer = scriptedInvitee(world)
      await settle()
      expect(peer.refusal).toBe('denied')
    }
    await world.pass(20_000)
    const { admitted, refused, buckets } = world.alice.manager.admission
    expect({ admitted, denied: refused.denied, buckets }).toMatchObject({ admitted: 0, denied: 20 })
    expect(world.alice.auditEvents).toEqual([])
    expect(world.alice.sessions).toEqual([])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('keeps its tally, and can go on when it is let in again', async () => {
    const { denied, world } = worldWithDenied()
    const link = world.invite({ usesAllowed: null })
    const first = await world.redeemed(link)
    denied.add(world.bob.peerId)
    const away = await world.redeemed(link, { another: true })
    expect(away).toMatchObject({ completed: false, reason: 'denied' })
    expect((await world.bob.tallies).map(({ status }) => status)).toEqual(['confirmed'])
    expect((await world.alice.tallies).map(({ status }) => status)).toEqual(['confirmed'])
    denied.clear()
    const back = await world.redeemed(link, { another: true })
    expect(back).toMatchObject({ completed: true })
    expect(Object(back).tallyId).not.toBe(Object(first).tallyId)
  })

  it('goes on with what it holds: what it built is not thrown away', async () => {
    const { denied, world } = worldWithDenied()
    // The receipt is lost.
    world.faults = {
      fate: (from, _payload, nth) => (from === 'listener' && nth > 1 ? 'cut' : 'deliver'),
    }
    const link = world.invite({ initiatorRole: 'foil' })
    expect(await world.redeemed(link)).toMatchObject({ completed: false })
    world.faults = {}
    denied.add(world.bob.peerId)
    expect(await world.redeemed(link)).toMatchObject({ reason: 'denied' })
    expect((await world.bob.tallies).map(({ status }) => status)).toEqual(['held'])
    denied.clear()
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })

  it('does not keep others out, nor does a list that can not be read', async () => {
    const world = new World({
      inviter: {
        isDenied: () => {
          throw new Error('the disk is gone')
        },
      },
    })
    expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
    expect(world.alice.storeFailures).not.toEqual([])
  })

  it('is looked for before each stream, and one that then can not be taken is reset', async () => {
    const { world } = worldWithDenied()
    const gone = () => {
      throw new Error('the connection is gone')
    }
    const pair = memoryTransportPair(world.bob.peerId, world.alice.peerId, world.clock, {})
    Object.defineProperty(pair.listener, 'remoteAddress', { get: gone })
    world.alice.manager.accept(pair.listener)
    await settle()
    expect(pair.dialer.over).toBe(true)
    expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
  })
})

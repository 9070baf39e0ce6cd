import { describe, expect, it } from 'vitest'
import { secretToText } from '../../../../src/protocol/link/secret.ts'
import { scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { World } from '../../../support/session/world.ts'

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

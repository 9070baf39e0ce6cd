import { describe, expect, it } from 'vitest'
import type { Message, Offer } from '../../../../src/protocol/message/messages.ts'
import { dialerToScript, type ScriptedPeer } from '../../../support/session/scripted-peer.ts'
import { World } from '../../../support/session/world.ts'

function offerOf(world: World, terms: Offer['terms'], required: readonly string[] = []): Offer {
  const expiresAt = Math.floor((world.clock.now() + 3_600_000) / 1000)
  return { type: 'Offer', role: 'stock', terms, required, optional: [], expiresAt }
}

/** Bob agrees to an offer, and Alice hangs up on his contact; then he runs the same link again. */
async function again(second: (world: World) => Offer, identity: Record<string, string> = {}) {
  const world = new World()
  const link = world.invite()
  const consented = offerOf(world, { unit: 'EUR' })
  let offered = consented
  const script = (message: Message, peer: ScriptedPeer): void => {
    if (message.type === 'Inspect') void peer.say(offered)
    else peer.transport.reset()
  }
  const dialer = dialerToScript(world, script)
  const request = { link, identity, cadre: [] }
  const first = await world.bob.manager.redeem({ ...request, consented }, dialer)
  expect(first).toMatchObject({ completed: false, reason: 'stream_lost' })
  offered = second(world)
  const outcome = await world.bob.manager.redeem(request, dialer)
  return { outcome, heard: dialer.peers.at(-1)?.types }
}

describe('what the user agreed to is remembered with the attempt', () => {
  it('so that the inviter can not change the terms before the link is run again', async () => {
    for (const identity of [{}, { name: 'Bob' }]) {
      const { outcome, heard } = await again((world) => offerOf(world, { unit: 'USD' }), identity)
      expect(outcome).toMatchObject({ completed: false, reason: 'offer_changed' })
      expect(heard).toEqual(['Inspect'])
    }
  })

  it('nor ask for more', async () => {
    const { outcome } = await again((world) => offerOf(world, { unit: 'EUR' }, ['email']), {
      email: 'bob@example.org',
    })
    expect(outcome).toMatchObject({ completed: false, reason: 'offer_changed' })
  })

  it('and goes on if the offer is the same', async () => {
    const { outcome, heard } = await again((world) => offerOf(world, { unit: 'EUR' }))
    expect(outcome).toMatchObject({ completed: false, reason: 'stream_lost' })
    expect(heard).toEqual(['Inspect', 'InboundContact'])
  })
})

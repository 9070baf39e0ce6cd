import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import { MESSAGE_ORDER } from '../../../src/protocol/message/message-order.ts'
import { extendTranscript } from '../../../src/protocol/message/transcript.ts'
import type { DialerEvent } from '../../../src/session/machine/dialer-event.ts'
import type { ListenerEvent } from '../../../src/session/machine/listener-event.ts'
import type { Exchange, SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { isLastWord } from '../../../src/session/run/heard-event.ts'
import type { FrameFate } from '../../support/memory-transport.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { type TestNode, World } from '../../support/session/world.ts'

const BOB = { identity: { name: 'Bob' } }

/** The newest session. */
function last(node: TestNode): SessionSummary {
  const [session] = node.sessions
  if (session === undefined) throw new Error('no session')
  return session
}

/** The same exchange seen from the other side. */
function mirrored(exchange: Exchange | undefined): Exchange | undefined {
  if (exchange === undefined) return undefined
  const { framesIn, framesOut, bytesIn, bytesOut, digest } = exchange
  return {
    framesIn: framesOut,
    framesOut: framesIn,
    bytesIn: bytesOut,
    bytesOut: bytesIn,
    digest,
  }
}

function framesOf({ framesIn, framesOut }: Exchange = NOTHING): number {
  return framesIn + framesOut
}

const NOTHING: Exchange = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0, digest: '' }

describe('the transcript of an exchange', () => {
  it.each([
    { role: 'stock', rest: {}, frames: 2 },
    { role: 'stock', rest: BOB, frames: 4 },
    { role: 'foil', rest: {}, frames: 3 },
    { role: 'foil', rest: BOB, frames: 5 },
  ] as const)('is the same on both machines: %j', async ({ role, rest, frames }) => {
    const world = new World()
    const link = world.invite({ initiatorRole: role })
    expect(await world.redeemed(link, rest)).toMatchObject({ completed: true })
    const [inviters, invitees] = [last(world.alice).exchange, last(world.bob).exchange]
    expect(inviters?.digest).toMatch(/^[0-9a-f]{64}$/)
    expect(invitees).toEqual(mirrored(inviters))
    expect(framesOf(inviters)).toBe(frames)
  })

  it('is over the frames of both, in order, without the last word', async () => {
    const world = new World()
    await world.redeemed(world.invite(), BOB)
    const stream = world.streams[0]
    const [inspect, contact, ack] = stream?.dialer.sent ?? []
    const [offer, approval] = stream?.listener.sent ?? []
    if (!(inspect && contact && ack && offer && approval)) throw new Error('not five frames')
    const digest = [
      ['invitee', inspect],
      ['inviter', offer],
      ['invitee', contact],
      ['inviter', approval],
    ].reduce<string | undefined>(
      (before, [speaker, payload]) =>
        extendTranscript(
          before,
          speaker === 'inviter' ? 'inviter' : 'invitee',
          Buffer.from(payload ?? []),
        ),
      undefined,
    )
    const exchange = last(world.alice).exchange
    expect(exchange?.digest).toBe(digest)
    expect(exchange?.bytesIn).toBe(inspect.length + contact.length)
    expect(exchange?.bytesOut).toBe(offer.length + approval.length)
  })

  it('is the same on both machines when the inviter refuses', async () => {
    const hooks = (own: MemoryHooks) => ({
      ...own,
      identity: { validate: () => Promise.resolve(false) },
    })
    const world = new World({ inviter: { hooks } })
    const link = world.invite({ identityRequirements: ['name'] })
    expect(await world.redeemed(link, BOB)).toMatchObject({ reason: 'identity_refused' })
    const { exchange } = last(world.alice)
    expect(framesOf(exchange)).toBe(3)
    expect(last(world.bob).exchange).toEqual(mirrored(exchange))
  })

  it('of a retry is its own, and as equal', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    const first = last(world.alice).exchange
    await world.redeemed(link)
    const again = last(world.alice).exchange
    expect(last(world.bob).exchange).toEqual(mirrored(again))
    // The same request, with the receipt of what it led to, and the stored answer, byte for byte.
    const [answer, repeated] = world.streams.map(({ listener }) => listener.sent[0])
    expect(repeated).toEqual(answer)
    const { bytesIn, digest } = again ?? {}
    expect(again).toEqual({ ...first, bytesIn, digest })
    expect([last(world.alice).retries, last(world.bob).retries]).toEqual([1, 1])
    expect(last(world.alice).fence).toBe(world.alice.sessions[1]?.fence)
  })

  it('is not there if nothing was said', async () => {
    const world = new World()
    const away = { ...world.dialerOf(world.bob), dial: () => Promise.reject(new Error('away')) }
    const link = world.invite()
    await world.bob.manager.redeem({ link, identity: {}, cadre: [] }, away)
    expect(last(world.bob).exchange).toBeUndefined()
    expect(last(world.bob).steps?.map(({ state }) => state)).toEqual(['CREATED', 'CONNECTING'])
  })

  it('has the frames that are no messages, too', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: 'foil' })
    const peer = scriptedInvitee(world)
    const contact = contactOf(link, world.bob)
    await peer.say(contact)
    await peer.sayBytes(Buffer.from('rubbish'))
    const { exchange, reason } = last(world.alice)
    expect([reason, exchange?.framesIn]).toEqual(['malformed_frame', 2])
  })
})

describe('wherever a stream breaks', () => {
  const scene = fc.record({
    role: fc.constantFrom('stock' as const, 'foil' as const),
    looks: fc.boolean(),
    from: fc.constantFrom('dialer' as const, 'listener' as const),
    nth: fc.integer({ min: 1, max: 3 }),
    fate: fc.constantFrom<FrameFate>('cut', 'drop', 'deliver'),
  })

  it('the two transcripts are one, or one is a frame longer; steps sum up to the whole', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ role, looks, from, nth, fate }) => {
        const world = new World()
        world.faults = {
          fate: (side, _payload, n) => (side === from && n === nth ? fate : 'deliver'),
        }
        const outcome = world.redeem(world.invite({ initiatorRole: role }), looks ? BOB : {})
        await world.pass(32_000, 4_000)
        await outcome
        const theirs = last(world.bob).exchange
        const [session] = world.alice.sessions
        // A stranger still, who leaves no row: at most the contact was on its way.
        if (session === undefined) {
          expect(framesOf(theirs)).toBeLessThanOrEqual(3)
          return
        }
        const ours = session.exchange
        const apart = Math.abs(framesOf(ours) - framesOf(theirs))
        if (apart === 0) expect(theirs).toEqual(mirrored(ours))
        else expect(apart).toBe(1)
        for (const { steps = [], durationMs = -1 } of [session, last(world.bob)]) {
          const sum = steps.reduce((all, { ms }) => all + Math.round(ms * 1000), 0)
          expect(sum).toBe(Math.round(durationMs * 1000))
        }
      }),
      { numRuns: 40 },
    )
  })
})

it('a last word is a message after which nothing may come', () => {
  const lastSteps = MESSAGE_ORDER.filter(({ next }) => next.length === 0).map(({ after }) => after)
  expect(lastSteps.toSorted()).toEqual(['Acknowledgment', 'Decline', 'Receipt', 'Refusal'])
  const ofInvitee = (type: string) => isLastWord({ type } as ListenerEvent)
  const ofInviter = (type: string) => isLastWord({ type } as DialerEvent)
  expect(['acknowledgment', 'decline'].map(ofInvitee)).toEqual([true, true])
  expect(['inspect', 'contact', 'databaseResult', 'frameRejected'].some(ofInvitee)).toBe(false)
  expect(['refusal', 'receipt'].map(ofInviter)).toEqual([true, true])
  expect(['offer', 'approval', 'strayMessage', 'frameRejected'].some(ofInviter)).toBe(false)
})

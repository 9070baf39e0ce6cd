import { describe, expect, it } from 'vitest'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { messageHash } from '../../../src/protocol/message/message-hash.ts'
import {
  CHECKPOINT_BEFORE,
  type MessageStep,
  senderOf,
} from '../../../src/protocol/message/message-order.ts'
import type { Message } from '../../../src/protocol/message/messages.ts'
import { CheckpointExchange } from '../../../src/session/trace/checkpoint-exchange.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import {
  ALICE,
  BOB,
  keptBy,
  sign,
  witnessing,
  worldOfWitnesses,
} from '../../support/session/witnesses.ts'
import { settle, World } from '../../support/session/world.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const NAMED = { identity: { name: 'Bob' } }

function types(messages: readonly Message[]): readonly string[] {
  return messages.map(({ type }) => type)
}

/** Both have signed something, and have had to do with each other. */
async function acquainted(): Promise<World> {
  const world = worldOfWitnesses()
  await world.redeemed(world.invite({ secret: 1 }))
  await sign(world.alice)
  await sign(world.bob)
  // So that each has found out that its own is on the disk.
  await world.redeemed(world.invite({ secret: 2 }))
  return world
}

describe('checkpoints of two parties', () => {
  // The contact goes at once upon the offer, and the invitee's own checkpoint is read upon the inviter's beside it.
  it.each([
    { role: 'stock', rest: {}, invitee: ['InboundContact', 'Checkpoint', 'Acknowledgment'] },
    { role: 'foil', rest: {}, invitee: ['InboundContact', 'Checkpoint', 'DatabaseResult'] },
    {
      role: 'stock',
      rest: NAMED,
      invitee: ['Inspect', 'InboundContact', 'Checkpoint', 'Acknowledgment'],
    },
    {
      role: 'foil',
      rest: NAMED,
      invitee: ['Inspect', 'InboundContact', 'Checkpoint', 'DatabaseResult'],
    },
  ] as const)('go beside the deal, one each way: $invitee', async ({ role, rest, invitee }) => {
    const world = await acquainted()
    const [alices, bobs] = [await sign(world.alice), await sign(world.bob)]
    await world.redeemed(world.invite({ initiatorRole: role, secret: 3 }))
    expect(
      await world.redeemed(world.invite({ initiatorRole: role, secret: 4 }), rest),
    ).toMatchObject({ completed: true })
    const said = world.said(-1)
    expect(types(said.dialer)).toEqual(invitee)
    expect(types(said.listener).filter((type) => type === 'Checkpoint')).toHaveLength(1)
    expect(keptBy(world.bob, ALICE)).toMatchObject([{ standing: 'proven', note: alices }])
    expect(keptBy(world.alice, BOB)).toMatchObject([{ standing: 'proven', note: bobs }])
    expect([...world.alice.complaints, ...world.bob.complaints]).toEqual([])
  })

  it('stand right before the messages that the table names', async () => {
    const world = await acquainted()
    for (const [index, role] of (['stock', 'foil', 'stock', 'foil'] as const).entries()) {
      const rest = index < 2 ? {} : NAMED
      await world.redeemed(world.invite({ initiatorRole: role, secret: 10 + index }), rest)
      const { dialer, listener } = world.said(-1)
      expect(CHECKPOINT_BEFORE.invitee).toContain(stepAfterCheckpoint(dialer))
      expect(CHECKPOINT_BEFORE.inviter).toContain(stepAfterCheckpoint(listener))
    }
    for (const sender of ['inviter', 'invitee'] as const) {
      for (const step of CHECKPOINT_BEFORE[sender]) {
        const type = step === 'Approval' || step === 'Refusal' ? 'ProvisioningResult' : step
        expect(senderOf(type)).toBe(sender)
      }
    }
  })

  it('are no part of the transcript, which stays the same on both sides', async () => {
    const world = await acquainted()
    await world.redeemed(world.invite({ secret: 3 }), NAMED)
    const [alices, bobs] = [world.alice.sessions[0]?.exchange, world.bob.sessions[0]?.exchange]
    expect(alices?.digest).toBe(bobs?.digest)
    expect([alices?.framesIn, alices?.framesOut]).toEqual([2, 2])
  })

  it('are proven from what the other side said that it knows', async () => {
    const world = await acquainted()
    await sign(world.alice)
    await world.redeemed(world.invite({ secret: 3 }))
    const [before] = keptBy(world.bob, ALICE)
    await sign(world.alice)
    await world.redeemed(world.invite({ secret: 4 }))
    await world.redeemed(world.invite({ secret: 5 }))
    const [after, ...others] = keptBy(world.bob, ALICE)
    expect(others).toEqual([])
    expect(after?.standing).toBe('proven')
    expect(after?.size).toBeGreaterThan(before?.size ?? Number.POSITIVE_INFINITY)
    expect(after?.since).toBe(before?.since)
  })

  it('are not sent to who does not ask for them', async () => {
    const world = new World({ inviter: witnessing(ALICE) })
    await sign(world.alice)
    for (const secret of [1, 2]) {
      expect(await world.redeemed(world.invite({ secret }), NAMED)).toMatchObject({
        completed: true,
      })
      expect(types(world.said(-1).listener)).not.toContain('Checkpoint')
    }
  })

  it('are asked for in vain where none are kept, and nothing is the worse for it', async () => {
    const world = new World({ invitee: witnessing(BOB) })
    await sign(world.bob)
    for (const secret of [1, 2]) {
      expect(await world.redeemed(world.invite({ secret }), NAMED)).toMatchObject({
        completed: true,
      })
      expect(types(world.said(-1).dialer)).not.toContain('Checkpoint')
    }
    expect(world.said(-1).dialer[0]).toMatchObject({ type: 'Inspect', seen: [] })
  })

  it('leave the same request the same', async () => {
    const world = await acquainted()
    const link = world.invite({ secret: 3 })
    const bob = scriptedInvitee(world)
    await bob.say(contactOf(link, world.bob, { seen: [] }))
    const again = scriptedInvitee(world)
    await again.say(contactOf(link, world.bob))
    expect(types(bob.heard)).toEqual(['Checkpoint', 'ProvisioningResult'])
    expect(types(again.heard)).toEqual(['ProvisioningResult'])
    expect(again.heardBytes.at(-1)).toEqual(bob.heardBytes.at(-1))
  })

  it('are nothing that a stranger hears of', async () => {
    const world = await acquainted()
    world.invite({ secret: 3 })
    const wrong = secretToText(new Uint8Array(16).fill(99))
    const stranger = scriptedInvitee(world, world.stranger(9))
    await stranger.say({ type: 'Inspect', secret: wrong, seen: [] })
    const other = scriptedInvitee(world, world.stranger(8))
    await other.say({
      ...contactOf(world.invite({ secret: 4 }), world.stranger(8), { seen: [] }),
      secret: wrong,
    })
    expect(types([...stranger.heard, ...other.heard])).toEqual([
      'ProvisioningResult',
      'ProvisioningResult',
    ])
  })

  it('that come twice, or unasked, end the stream as any stray message does', async () => {
    const world = await acquainted()
    const link = world.invite({ secret: 3 })
    const unasked = scriptedInvitee(world)
    await unasked.say({ type: 'Checkpoint' })
    expect(unasked.refusal).toBe('protocol_violation')
    const twice = scriptedInvitee(world)
    await twice.say({ type: 'Inspect', secret: secretToText(link.secret), seen: [] })
    await twice.say({ type: 'Checkpoint' })
    expect(twice.refusal).toBeUndefined()
    await twice.say({ type: 'Checkpoint' })
    expect(twice.refusal).toBe('protocol_violation')
    // And the invitation is as good as before.
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })

  it('that nobody signed so are recorded, and the deal goes on', async () => {
    const world = await acquainted()
    const note = await sign(world.alice)
    const bob = scriptedInvitee(world)
    await bob.say(contactOf(world.invite({ secret: 3 }), world.bob, { seen: [] }))
    await bob.say({ type: 'Checkpoint', note })
    const approval = bob.heard.at(-1)
    if (approval?.type !== 'ProvisioningResult' || !approval.approved) throw new Error('no')
    const { redemptionId } = approval
    const payload = bob.heardBytes.at(-1) ?? new Uint8Array()
    await bob.say({ type: 'Acknowledgment', redemptionId, responseHash: messageHash(payload) })
    await settle()
    expect(world.alice.auditEvents).toContain('witness.invalid')
    expect(world.alice.alarms).toEqual([])
    expect((await world.alice.tallies).filter(({ status }) => status === 'confirmed')).toHaveLength(
      3,
    )
  })
})

it('a checkpoint is kept once, and put into work again if that was lost', async () => {
  const exchange = new CheckpointExchange(
    {
      clock: new VirtualClock(),
      hookComplaint: () => undefined,
      alarmed: () => undefined,
      witness: {
        prepare: () => Promise.resolve(),
        sizesOf: () => Promise.resolve([]),
        own: () => Promise.resolve(undefined),
      },
    },
    'invitee',
    { peerId: ALICE.name, sessionId: 's' },
  )
  exchange.prepare()
  await settle()
  exchange.announce()
  expect(exchange.settle()).toEqual([])
  expect(exchange.hear({ type: 'Checkpoint' })).toBe(true)
  const work = exchange.settle()
  expect(work).toMatchObject([{ op: 'keepCheckpoint', shown: { sessionId: 's' } }])
  // Nobody has heard of it: it was lost.
  expect(exchange.settle()).toEqual(work)
  exchange.applied(work, { kind: 'applied', answers: [{}], records: [] }, Promise.resolve())
  expect(exchange.settle()).toEqual([])
})

/** What follows upon the only checkpoint. */
function stepAfterCheckpoint(messages: readonly Message[]): MessageStep {
  const next = messages[types(messages).indexOf('Checkpoint') + 1]
  if (next === undefined || next.type === 'Checkpoint') throw new Error('nothing follows')
  if (next.type !== 'ProvisioningResult') return next.type
  return next.approved ? 'Approval' : 'Refusal'
}

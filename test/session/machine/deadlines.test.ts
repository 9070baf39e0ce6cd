import { describe, expect, it } from 'vitest'
import { scriptedInvitee } from '../../support/session/scripted-peer.ts'
import {
  begin,
  INVITEES,
  INVITERS,
  lose,
  never,
  PATIENT,
  stall,
} from '../../support/session/stalls.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'

async function expectTimeout(
  world: World,
  side: 'inviter' | 'invitee',
  limit: number,
  wanted: { readonly step: string; readonly reason: string },
): Promise<void> {
  const node = side === 'inviter' ? world.alice : world.bob
  await world.pass(limit - 100, 5_000)
  expect(node.ended).toEqual([])
  await world.pass(200)
  expect(node.ended).toMatchObject([{ state: 'TIMEOUT', ...wanted }])
  expect(node.manager.getActiveSessionCounts().total).toBe(0)
}

describe("a step's deadline", () => {
  it.each(INVITERS)('ends the inviter in $step after $limit ms', async (each) => {
    const { world, outcome } = begin(each, 'inviter')
    await expectTimeout(world, 'inviter', each.limit, { step: each.step, reason: 'step_deadline' })
    await world.pass(250_000, 25_000)
    expect((await outcome).completed).toBe(false)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each(INVITEES)('ends the invitee in $step after $limit ms', async (each) => {
    const { world, outcome } = begin(each, 'invitee')
    await expectTimeout(world, 'invitee', each.limit, { step: each.step, reason: 'step_deadline' })
    expect(await outcome).toMatchObject({ state: 'TIMEOUT', step: each.step })
    await world.pass(250_000, 25_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('ends the invitee while it connects, and aborts the dial', async () => {
    const world = new World()
    let signal: AbortSignal | undefined
    const dialer = {
      localPeer: world.bob.peerId,
      dial: (_peer: string, _addresses: readonly string[], aborted: AbortSignal) => {
        signal = aborted
        return never()
      },
    }
    const request = { link: world.invite(), identity: {}, cadre: [] }
    const outcome = world.bob.manager.redeem(request, dialer)
    const reason = 'session_deadline'
    await expectTimeout(world, 'invitee', 30_000, { step: 'CONNECTING', reason })
    expect(signal?.aborted).toBe(true)
    expect(await outcome).toMatchObject({ step: 'CONNECTING' })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('while the acknowledgment leaves, changes nothing: both sides hold the tally', async () => {
    const each = { step: 'ACKNOWLEDGING', limit: 5_000, faults: stall('dialer', 2) }
    const { world, outcome } = begin(each, 'invitee')
    await world.pass(6_000)
    expect(await outcome).toMatchObject({ completed: true })
    await world.pass(120_000, 10_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('that comes after the dial has succeeded too late closes that stream', async () => {
    const world = new World()
    const gate = Promise.withResolvers<void>()
    const real = world.dialerOf(world.bob)
    const dialer = {
      ...real,
      dial: async () => {
        await gate.promise
        return world.open(world.bob)
      },
    }
    const request = { link: world.invite(), identity: {}, cadre: [] }
    const outcome = world.bob.manager.redeem(request, dialer)
    await world.pass(30_500)
    await outcome
    gate.resolve()
    await settle()
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('is not moved by a wall clock that is set back', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await settle()
    world.clock.shiftWall(-1_000_000)
    await world.pass(5_500)
    expect(peer.refusal).toBe('timed_out')
  })
})

describe("the session's deadline", () => {
  it.each(INVITERS)('ends the inviter in $step', async (each) => {
    const { world, outcome } = begin(each, 'inviter', PATIENT)
    await expectTimeout(world, 'inviter', 30_000, { step: each.step, reason: 'session_deadline' })
    await world.pass(250_000, 25_000)
    await outcome
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each(INVITEES)('ends the invitee in $step', async (each) => {
    const { world, outcome } = begin(each, 'invitee', PATIENT)
    await expectTimeout(world, 'invitee', 30_000, { step: each.step, reason: 'session_deadline' })
    expect(await outcome).toMatchObject({ state: 'TIMEOUT', reason: 'session_deadline' })
    await world.pass(250_000, 25_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('of one request can be set by who makes it', async () => {
    const world = new World()
    world.faults = lose('listener', 1)
    const outcome = world.redeem(world.invite(), { timeoutMs: 1_000 })
    await world.pass(1_100, 100)
    expect(await outcome).toMatchObject({ reason: 'session_deadline', step: 'AWAITING_RESPONSE' })
  })
})

import { describe, expect, it } from 'vitest'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { stuckWorld } from '../../support/session/stalls.ts'
import { NOTHING_LEFT, settle, World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

describe('admission', () => {
  it('refuses more sessions at once than are allowed, and takes the next when one is over', async () => {
    const world = stuckWorld({ maxConcurrentSessions: 2 })
    const link = world.invite({ usesAllowed: null })
    const peers = [3, 4, 5].map((name) => world.stranger(name))
    const streams = peers.map((peer) => scriptedInvitee(world, peer))
    for (const [index, stream] of streams.entries()) {
      const peer = peers[index]
      if (peer !== undefined) await stream.say(contactOf(link, peer))
    }
    expect(streams.map(({ refusal }) => refusal)).toEqual([undefined, undefined, 'busy'])
    expect(world.alice.manager.getActiveSessionCounts()).toEqual({
      listener: 2,
      dialer: 0,
      total: 2,
    })
    await world.pass(11_000)
    const again = scriptedInvitee(world)
    await again.say(contactOf(link, world.bob))
    expect(again.refusal).toBeUndefined()
    await world.pass(11_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('counts what this node itself redeems, and refuses that too', async () => {
    const world = new World({ invitee: { config: { maxConcurrentSessions: 0 } } })
    expect(await world.redeemed(world.invite())).toMatchObject({
      completed: false,
      reason: 'busy',
      step: 'CREATED',
      retryAfterMs: 1_000,
    })
    expect(world.streams).toEqual([])
  })

  it('limits one peer without limiting another', async () => {
    const world = new World({ inviter: { config: { rateLimitPerPeer: 2 } } })
    const streams = [world.bob, world.bob, world.bob, world.stranger(3)].map((from) =>
      scriptedInvitee(world, from),
    )
    await settle()
    expect(streams.map(({ refusal }) => refusal)).toEqual([
      undefined,
      undefined,
      'rate_limited',
      undefined,
    ])
    expect(world.alice.refused).toEqual(['rate_limited'])
    // Two fifths of an attempt are there for looks.
    expect(streams[2]?.heard).toMatchObject([{ retryAfterMs: 18_000 }])
    await world.pass(30_000, 5_000)
    const later = scriptedInvitee(world)
    await settle()
    expect(later.refusal).toBeUndefined()
  })
})

describe('draining', () => {
  it('takes nothing new, lets what is under way finish, and tells how many were cut', async () => {
    const gate = Promise.withResolvers<void>()
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          database: {
            provision: async (...all) => {
              await gate.promise
              return await own.database.provision(...all)
            },
          },
        }),
      },
    })
    const link = world.invite()
    const outcome = world.redeem(link)
    await settle()
    const drained = world.alice.manager.drain(9_000)
    expect(await world.redeemed(link, {}, world.stranger(3))).toMatchObject({ reason: 'draining' })
    gate.resolve()
    expect(await outcome).toMatchObject({ completed: true })
    expect(await drained).toEqual({ cut: 0, parked: 0 })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('parks what does not finish, tells the peer, and keeps its use for it', async () => {
    const world = stuckWorld()
    const outcome = world.redeem(world.invite())
    await settle()
    const drained = world.alice.manager.drain(1_000)
    await world.pass(3_000)
    expect(await drained).toEqual({ cut: 1, parked: 1 })
    expect(await outcome).toMatchObject({ reason: 'draining', retryAfterMs: 5_000 })
    expect(world.alice.sessions).toMatchObject([{ state: 'FAILED', reason: 'parked' }])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 1 },
    ])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('cuts off what this node itself redeems', async () => {
    const world = stuckWorld()
    const outcome = world.redeem(world.invite())
    await settle()
    expect(await world.bob.manager.drain(0)).toEqual({ cut: 1, parked: 0 })
    expect(await outcome).toMatchObject({ reason: 'cancelled', state: 'FAILED' })
    await world.pass(1_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('waits for streams that only await an acknowledgment no longer than they take to close', async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob))
    const drained = world.alice.manager.drain(10_000)
    await world.pass(1_000)
    expect(await drained).toEqual({ cut: 0, parked: 0 })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('begins no redemption any more', async () => {
    const world = new World()
    await world.bob.manager.drain(0)
    expect(await world.redeemed(world.invite())).toMatchObject({ reason: 'draining' })
  })

  it('may be asked for twice', async () => {
    const world = new World()
    world.alice.manager.start()
    await Promise.all([world.alice.manager.drain(0), world.alice.manager.drain(0)])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('is not undone by a start that comes after it, as when a process is ended while it recovers', async () => {
    const world = new World()
    await world.alice.manager.drain(0)
    world.alice.manager.start()
    await settle()
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('whoever watches', () => {
  it('and throws, hurts nobody', async () => {
    const world = new World()
    for (const name of ['session', 'ended', 'refused', 'hookComplaint', 'storeFailed'] as const) {
      world.alice.manager.on(name, () => {
        throw new Error(`a bad listener of ${name}`)
      })
    }
    expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
    expect(world.alice.complaints).toContain("listener of 'ended': Error: a bad listener of ended")
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('is told each move once it is committed, and the end once', async () => {
    const world = new World()
    const moves: string[] = []
    const stored: (string | undefined)[] = []
    world.bob.manager.on('session', ({ id, state }, path) => {
      moves.push(`${path[0]?.from} → ${state}`)
      stored.push(readNow(world.bob.store, () => sessionRecords.find(id))?.state)
    })
    await world.redeemed(world.invite({ initiatorRole: 'foil' }))
    expect(moves).toEqual([
      'CREATED → CONNECTING',
      'CONNECTING → SENDING_REQUEST',
      'SENDING_REQUEST → AWAITING_RESPONSE',
      'AWAITING_RESPONSE → VALIDATING_RESPONSE',
      'VALIDATING_RESPONSE → PROVISIONING_DB',
      'PROVISIONING_DB → SENDING_RESULT',
      'SENDING_RESULT → AWAITING_RECEIPT',
      'AWAITING_RECEIPT → COMPLETED',
    ])
    expect(stored).not.toContain(undefined)
    expect(world.bob.ended).toHaveLength(1)
  })
})

describe('a caller that gives up', () => {
  it('ends its session, and the peer sees the stream end', async () => {
    const world = stuckWorld()
    const controller = new AbortController()
    const outcome = world.redeem(world.invite(), { signal: controller.signal })
    await settle()
    controller.abort()
    expect(await outcome).toMatchObject({ reason: 'cancelled', step: 'AWAITING_RESPONSE' })
    await settle()
    expect(world.alice.sessions).toMatchObject([{ state: 'FAILED', reason: 'stream_lost' }])
    await world.pass(11_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('before it began, dials nobody', async () => {
    const world = new World()
    const outcome = await world.redeemed(world.invite(), { signal: AbortSignal.abort() })
    expect(outcome).toMatchObject({ reason: 'cancelled' })
    expect(world.streams).toEqual([])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

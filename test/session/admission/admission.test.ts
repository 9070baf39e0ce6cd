import { describe, expect, it } from 'vitest'
import { Admission } from '../../../src/session/admission/admission.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import { inspectOffer } from '../../../src/session/dialer/inspect-offer.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { stuckWorld } from '../../support/session/stalls.ts'
import { NOTHING_LEFT, settle, type TestNode, World } from '../../support/session/world.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

async function strangers(world: World, count: number): Promise<TestNode[]> {
  return await Promise.all(Array.from({ length: count }, (_, index) => world.stranger(10 + index)))
}

describe('a peer’s own cap', () => {
  it('refuses its next session as busy, and nobody else’s', async () => {
    const world = stuckWorld({ maxSessionsPerPeer: 2 })
    const streams = [world.bob, world.bob, world.bob, world.stranger(3)].map((from) =>
      scriptedInvitee(world, from),
    )
    await settle()
    const refusals = streams.map(({ refusal }) => refusal)
    expect(refusals).toEqual([undefined, undefined, 'busy', undefined])
    expect(world.alice.manager.admission).toMatchObject({
      sessions: { inUse: 3, peers: 2, busiestPeer: 2 },
      admitted: 3,
      refused: { peer_sessions: 1, sessions: 0 },
    })
    await world.pass(6_000)
    expect(world.alice.manager.admission.sessions).toMatchObject({ inUse: 0, peers: 0 })
    const later = scriptedInvitee(world)
    await settle()
    expect(later.refusal).toBeUndefined()
  })
})

describe('a peer that holds a reservation', () => {
  const keys = { peerId: 'bob', address: '192.0.2.7' }
  const around = { sessions: () => 0, isHolder: true, makeRoom: () => true }

  it('has no more places of its own than others', () => {
    const limits = { ...DEFAULT_SESSION_CONFIG, maxSessionsPerPeer: 2 }
    const admission = new Admission(limits, new VirtualClock())
    const causes = [1, 2, 3].map(() => admission.admit(keys, around)?.cause)
    expect(causes).toEqual([undefined, undefined, 'peer_sessions'])
  })

  it('finds no place either when all are taken and nobody only waits', () => {
    const limits = { ...DEFAULT_SESSION_CONFIG, maxConcurrentSessions: 10 }
    const admission = new Admission(limits, new VirtualClock())
    const full = { ...around, makeRoom: () => false }
    expect(admission.admit(keys, { ...full, sessions: () => 9 })).toBeUndefined()
    expect(admission.admit(keys, { ...full, sessions: () => 10 })?.cause).toBe('sessions')
  })
})

describe('the last tenth of all places', () => {
  it('is kept for peers that hold a reservation', async () => {
    const world = new World({ inviter: { config: { maxConcurrentSessions: 10 } } })
    const link = world.invite({ initiatorRole: 'foil', usesAllowed: null })
    const resuming = scriptedInvitee(world)
    await resuming.say(contactOf(link, world.bob))
    resuming.transport.reset()
    await settle()
    for (const from of await strangers(world, 9)) scriptedInvitee(world, from)
    await settle()
    const newcomer = scriptedInvitee(world, world.stranger(90))
    const again = scriptedInvitee(world)
    await settle()
    expect(newcomer.refusal).toBe('busy')
    expect(again.refusal).toBeUndefined()
    expect(world.alice.manager.admission).toMatchObject({
      sessions: { inUse: 10, max: 10, kept: 1 },
      refused: { kept: 1 },
    })
    const beyond = scriptedInvitee(world)
    await settle()
    expect(beyond.refusal).toBe('busy')
  })
})

describe('a peer that holds a place and says nothing', () => {
  it('loses it to one that has something to say, but not before it has had its time', async () => {
    const world = new World({ inviter: { config: { maxConcurrentSessions: 2 } } })
    const link = world.invite({ usesAllowed: null })
    const silent = (await strangers(world, 2)).map((from) => scriptedInvitee(world, from))
    await settle()
    expect(await world.redeemed(link)).toMatchObject({ reason: 'busy' })
    await world.pass(1_000)
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    expect(silent.map(({ refusal }) => refusal)).toEqual(['busy', undefined])
    expect(world.alice.manager.admission.refused.sessions).toBe(1)
  })

  it('keeps it while this side has the word', async () => {
    const world = stuckWorld({ maxConcurrentSessions: 2 })
    const link = world.invite({ usesAllowed: null })
    for (const from of await strangers(world, 2)) void world.redeem(link, {}, from)
    await world.pass(3_000)
    expect(await world.redeemed(link)).toMatchObject({ reason: 'busy' })
  })
})

describe('a session that comes close to a limit', () => {
  it('goes on, and is told of', async () => {
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          database: {
            provision: async (...all) => {
              await new Promise<void>((resolve) => world.clock.after(6_000, resolve))
              return await own.database.provision(...all)
            },
          },
        }),
      },
    })
    const strains: string[] = []
    world.alice.manager.on('strained', (_id, detail) => strains.push(detail))
    const outcome = world.redeem(world.invite())
    await world.pass(6_000)
    expect(await outcome).toMatchObject({ completed: true })
    expect(strains).toEqual(['6000 ms in PROVISIONING_DB, and 10000 is the limit'])
  })

  it('is told of on either side when the other nominates many nodes or nests deeply', async () => {
    const nodes = (count: number) =>
      Array.from({ length: count }, (_, index) => `/ip4/192.0.2.${index}/tcp/4710`)
    const world = new World({ inviter: { party: { cadre: nodes(9) } } })
    const strains: string[][] = [[], []]
    for (const [index, { manager }] of [world.alice, world.bob].entries())
      manager.on('strained', (_id, detail, kind) => strains[index]?.push(`${kind}: ${detail}`))
    const terms = { a: [[[[[[['deep']]]]]]] }
    const outcome = await world.redeemed(world.invite({ terms }), { cadre: nodes(16) })
    expect(outcome).toMatchObject({ completed: true })
    expect(strains).toEqual([
      ['addresses: 16 addresses of its peer, and 16 is the limit'],
      [
        'addresses: 9 addresses of its peer, and 16 is the limit',
        'json_depth: 9 levels of JSON, and 16 is the limit',
      ],
    ])
  })
})

describe('wrong secrets', () => {
  it('are counted apart, and cost only the peer that shows them its hearing', async () => {
    const world = new World({ inviter: { config: { badSecretsPerPeer: 2 } } })
    const link = world.invite({ usesAllowed: null })
    const wrong = { ...link, secret: new Uint8Array(16).fill(99) }
    const mallory = world.stranger(3)
    for (let guess = 0; guess < 2; guess += 1) {
      const stream = scriptedInvitee(world, mallory)
      await stream.say(contactOf(wrong, mallory))
      expect(stream.refusal).toBe('invalid_token')
    }
    const third = scriptedInvitee(world, mallory)
    await settle()
    expect(third.refusal).toBe('rate_limited')
    expect(world.alice.manager.admission.refused.bad_secrets).toBe(1)
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    await world.pass(30_000)
    const later = scriptedInvitee(world, mallory)
    await settle()
    expect(later.refusal).toBeUndefined()
  })
})

describe('the rate of one peer', () => {
  it('leaves room for looking first, and for coming again', async () => {
    const world = new World({ inviter: { config: { rateLimitPerPeer: 10 } } })
    const link = world.invite({ usesAllowed: null })
    const outcomes: boolean[] = []
    const waiting = { signal: new AbortController().signal, patienceMs: 10_000 }
    for (let round = 0; round < 8; round += 1) {
      // As the command line does it: look, ask the user, then begin.
      expect((await inspectOffer(link, world.dialerOf(world.bob), waiting)).type).toBe('Offer')
      outcomes.push((await world.redeemed(link, { another: true })).completed)
    }
    expect(outcomes).toEqual(Array.from({ length: 8 }, () => true))
    for (let round = 0; round < 3; round += 1) await world.redeemed(link, { another: true })
    expect(world.alice.refused).toContain('rate_limited')
  })
})

describe('the least that can be set', () => {
  it.each(['rateLimitPerPeer', 'rateLimitTotal'])(
    'of %s lets somebody look, ask its user, and begin, and not once more',
    async (limit) => {
      const world = new World({ inviter: { config: { [limit]: 1 } } })
      const link = world.invite({ usesAllowed: null })
      const waiting = { signal: new AbortController().signal, patienceMs: 10_000 }
      expect((await inspectOffer(link, world.dialerOf(world.bob), waiting)).type).toBe('Offer')
      expect(await world.redeemed(link)).toMatchObject({ completed: true })
      expect(world.alice.refused).toEqual([])
      const next = scriptedInvitee(world)
      await settle()
      expect(next.refusal).toBe('rate_limited')
    },
  )
})

describe('the rate of all together', () => {
  it('limits newcomers, and nobody who holds a reservation', async () => {
    const world = new World({ inviter: { config: { rateLimitTotal: 3 } } })
    const link = world.invite({ initiatorRole: 'foil' })
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    first.transport.reset()
    for (const from of await strangers(world, 2)) scriptedInvitee(world, from)
    const late = scriptedInvitee(world, world.stranger(90))
    const again = scriptedInvitee(world)
    await settle()
    expect(late.refusal).toBe('rate_limited')
    expect(again.refusal).toBeUndefined()
    expect(world.alice.manager.admission.refused.total_rate).toBe(1)
  })
})

describe('settings that change', () => {
  it('count at once, and not for the deadlines of sessions under way', async () => {
    const world = stuckWorld({ maxConcurrentSessions: 2, stepTimeoutMs: 5_000 })
    const { manager } = world.alice
    scriptedInvitee(world)
    await settle()
    manager.apply({ maxConcurrentSessions: 1, stepTimeoutMs: 60_000, sessionTimeoutMs: 90_000 })
    const refused = scriptedInvitee(world, world.stranger(3))
    await settle()
    expect(refused.refusal).toBe('busy')
    expect(manager.admission.limits.maxConcurrentSessions).toBe(1)
    await world.pass(5_001)
    expect(manager.getActiveSessionCounts().total).toBe(0)
    scriptedInvitee(world, world.stranger(3))
    await world.pass(50_000)
    expect(manager.getActiveSessionCounts().total).toBe(1)
    await world.pass(11_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

it('a peer that came too often comes again at once when its limits are reset', async () => {
  const world = new World({ inviter: { config: { rateLimitPerPeer: 1 } } })
  const { bob } = world
  const { manager } = world.alice
  const link = world.invite({ usesAllowed: null })
  expect(await world.redeemed(link)).toMatchObject({ completed: true })
  expect(await world.redeemed(link, { another: true })).toMatchObject({ reason: 'rate_limited' })
  expect(manager.peerLimits(bob.peerId)).toMatchObject({
    sessions: { inUse: 0, max: 1_000 },
    attempts: { left: 0, perMinute: 1 },
  })
  expect(manager.peerLimits(bob.peerId, true)).toMatchObject({ attempts: { left: 1 } })
  expect(await world.redeemed(link, { another: true })).toMatchObject({ completed: true })
})

import { describe, expect, it } from 'vitest'
import { verifyRows } from '../../../support/audit/verify-rows.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, World } from '../../../support/session/world.ts'
import { HeldEndStore, StandingStore } from '../../../support/store-wrappers.ts'

type Who = 'alice' | 'bob'

function worldWith(who: Who, config = {}) {
  let store: StandingStore | undefined
  const init = {
    config,
    store: (own: World['alice']['store']) => (store = new StandingStore(own)),
  }
  const world = new World(who === 'alice' ? { inviter: init } : { invitee: init })
  if (store === undefined) throw new Error('no store')
  return { world, store: store as StandingStore }
}

async function callsOf(initiatorRole: 'stock' | 'foil', who: Who): Promise<number> {
  const { world, store } = worldWith(who)
  await world.redeemed(world.invite({ initiatorRole }))
  return store.calls
}

async function allCases() {
  const cases: { role: 'stock' | 'foil'; who: Who; standAt: number }[] = []
  for (const role of ['stock', 'foil'] as const) {
    for (const who of ['alice', 'bob'] as const) {
      const calls = await callsOf(role, who)
      for (let standAt = 1; standAt <= calls; standAt += 1) cases.push({ role, who, standAt })
    }
  }
  return cases
}

const CASES = (await allCases()).flatMap((each) =>
  [false, true].map((isSilent) => ({ ...each, isSilent })),
)

/** The longest that a session may hold a place: its own deadline, its last commit, and some to tell the other side. */
const LONGEST_MS = 45_000

describe('a disk that does not answer', () => {
  it('is tried at every call of an exchange', () => {
    expect(CASES.length).toBeGreaterThan(30)
  })

  it.each(CASES)(
    '($role, $who, from call $standAt on, silent: $isSilent) holds no stream and no place for longer than the deadlines, and the link still leads to one tally',
    async ({ role, who, standAt, isSilent }) => {
      const { world, store } = worldWith(who)
      const link = world.invite({ initiatorRole: role })
      Object.assign(store, { standAt, isSilent })
      const outcome = world.redeem(link).catch((error: unknown) => error)
      await world.pass(LONGEST_MS)
      const { sessions, openStreams } = world.leftovers
      expect({ sessions, openStreams }).toEqual({ sessions: 0, openStreams: 0 })
      const told = await outcome
      store.answer()
      await world.pass(20_000)
      expect(world[who].manager.sessionsInDoubt).toEqual([])
      const again = world.redeem(link)
      await world.pass(5_000)
      expect(await again).toMatchObject({ completed: true })
      expect((await world.alice.tallies).map(({ tallyId }) => tallyId)).toEqual(
        (await world.bob.tallies).map(({ tallyId }) => tallyId),
      )
      if (told instanceof Error) expect(told).toMatchObject({ code: 'commit_in_doubt' })
      for (const { store: each } of [world.alice, world.bob]) {
        expect(verifyRows(each.repositories.audit.rows()).firstBad).toBeUndefined()
      }
      world.alice.manager.start()
      await world.pass(11_000)
      const { lookups } = world.alice.store
      expect(await lookups.sessions.open('listener', world.clock.now(), 100)).toEqual([])
      await Promise.all([world.alice.manager.drain(0), world.bob.manager.drain(0)])
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    },
  )

  it('lets nothing leave that is not on it', async () => {
    const { world, store } = worldWith('alice')
    const peer = scriptedInvitee(world)
    store.standAt = 1
    await peer.say(contactOf(world.invite(), world.bob))
    await world.pass(LONGEST_MS)
    expect(peer.heard).toEqual([])
    expect(peer.closed).toBe('reset')
    expect(world.alice.ended).toEqual([])
  })

  it('makes the node say busy at once, until it answers; then it serves as before', async () => {
    const { world, store } = worldWith('alice', { maxConcurrentSessions: 2 })
    const link = world.invite({ usesAllowed: null })
    store.standAt = 1
    const [one, two, late] = [3, 4, 5].map((name) => world.stranger(name))
    for (const peer of [one, two]) {
      if (peer !== undefined) await scriptedInvitee(world, peer).say(contactOf(link, peer))
    }
    expect(world.alice.manager.getActiveSessionCounts().total).toBe(2)
    await world.pass(LONGEST_MS)
    expect(world.alice.manager.getActiveSessionCounts().total).toBe(0)
    expect(world.alice.manager.sessionsInDoubt).toHaveLength(2)
    const meanwhile = world.redeem(link, {}, late)
    await world.pass(2_000)
    expect(await meanwhile).toMatchObject({ reason: 'busy', retryAfterMs: 10_000 })
    store.answer()
    await world.pass(1_000)
    for (const peer of [one, two, late]) {
      const outcome = world.redeem(link, {}, peer)
      await world.pass(1_000)
      expect(await outcome).toMatchObject({ completed: true })
    }
  })

  it('is told of when it answers: an end that was stored is told as it is', async () => {
    let store: HeldEndStore | undefined
    const world = new World({ inviter: { store: (own) => (store = new HeldEndStore(own)) } })
    const outcome = world.redeem(world.invite())
    await world.pass(LONGEST_MS)
    expect(await outcome).toMatchObject({ completed: true })
    expect(world.alice.manager.getActiveSessionCounts().total).toBe(0)
    expect(world.alice.ended).toEqual([])
    store?.arrives.resolve()
    await world.pass(100)
    expect(world.alice.ended).toMatchObject([{ state: 'COMPLETED' }])
  })

  it.each(CASES.filter(({ who }) => who === 'alice'))(
    '($role, from call $standAt on, silent: $isSilent) is told of when it answers: each step that is on it is told once',
    async ({ role, standAt, isSilent }) => {
      const { world, store } = worldWith('alice')
      const { alice } = world
      const told: string[] = []
      alice.manager.on('session', ({ id }, path) =>
        told.push(...path.map(({ seq, to }) => `${id} ${seq} ${to}`)),
      )
      Object.assign(store, { standAt, isSilent })
      const outcome = world.redeem(world.invite({ initiatorRole: role })).catch(() => undefined)
      await world.pass(LONGEST_MS)
      await outcome
      store.answer()
      await world.pass(1_000)
      const journals = alice.sessions.flatMap(({ id }) =>
        alice.store.repositories.sessions.entries(id).map((entry) => ({ id, ...entry })),
      )
      const stored = journals
        .filter(({ from, to }) => from !== to)
        .map(({ id, seq, to }) => `${id} ${seq} ${to}`)
      // A store that never says whether a use is reserved keeps the session from beginning.
      if (!isSilent || standAt > 1) expect(stored.length).toBeGreaterThan(0)
      expect(stored.filter((step) => !told.includes(step))).toEqual([])
      expect(told).toEqual([...new Set(told)])
    },
  )

  it('does not hold up a drain, which names the sessions in doubt', async () => {
    const { world, store } = worldWith('alice')
    world.alice.manager.start()
    store.standAt = 3
    const outcome = world.redeem(world.invite()).catch(() => undefined)
    await world.pass(500)
    const drained = world.alice.manager.drain(1_000)
    await world.pass(4_500, 100)
    const done = await Promise.race([drained, Promise.resolve('it hangs')])
    expect(done).toMatchObject({ cut: 1, parked: 0, inDoubt: [expect.any(String)] })
    await world.pass(LONGEST_MS)
    await outcome
  })
})

import { describe, expect, it } from 'vitest'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { NOTHING_LEFT, World } from '../../../support/session/world.ts'
import { type Breakage, BreakingStore, DiskError } from '../../../support/store-wrappers.ts'

type Who = 'alice' | 'bob'

interface Case {
  readonly role: 'stock' | 'foil'
  readonly who: Who
  readonly failAt: number
  readonly how: Breakage
  readonly forGood: boolean
}

function worldWith(who: Who) {
  let store: BreakingStore | undefined
  const init = {
    store: (own: BreakingStore | World['alice']['store']) => (store = new BreakingStore(own)),
  }
  const world = new World(who === 'alice' ? { inviter: init } : { invitee: init })
  if (store === undefined) throw new Error('no store')
  return { world, store: store as BreakingStore }
}

function invite(world: World, initiatorRole: 'stock' | 'foil') {
  return world.invite({ initiatorRole, identityRequirements: ['name'] })
}

const IDENTITY = { identity: { name: 'Bob' } }

/** How often a whole exchange calls each store. */
async function callsOf(role: 'stock' | 'foil', who: Who): Promise<number> {
  const { world, store } = worldWith(who)
  await world.redeemed(invite(world, role), IDENTITY)
  return store.calls
}

async function allCases(): Promise<readonly Case[]> {
  const cases: Case[] = []
  for (const role of ['stock', 'foil'] as const) {
    for (const who of ['alice', 'bob'] as const) {
      const calls = await callsOf(role, who)
      for (let failAt = 1; failAt <= calls; failAt += 1) {
        for (const how of ['fails', 'is lost'] as const) {
          cases.push(
            { role, who, failAt, how, forGood: false },
            { role, who, failAt, how, forGood: true },
          )
        }
      }
    }
  }
  return cases
}

const CASES = await allCases()

describe('a store that fails', () => {
  it('is tried at every call of an exchange', () => {
    expect(CASES.length).toBeGreaterThan(60)
  })

  it.each(CASES)(
    '($role, $who, call $failAt $how, for good: $forGood) says nothing more, and nothing sticks',
    async (each) => {
      const { world, store } = worldWith(each.who)
      const link = invite(world, each.role)
      const side = each.who === 'alice' ? 'listener' : 'dialer'
      let sentBefore: number | undefined
      store.failAt = each.failAt
      store.how = each.how
      store.forGood = each.forGood
      store.onFailure = () => {
        const sent = world.streams[0]?.[side].sent.length ?? 0
        // Up to the first loss that counts: of a call that failed, or of a write.
        if (sentBefore === undefined || (each.how === 'is lost' && !store.lostWrites)) {
          sentBefore = sent
        }
      }
      const outcome = world.redeem(link, IDENTITY).catch((error: unknown) => error)
      await world.pass(35_000, 5_000)
      const result = await outcome
      const sentAfter = world.streams[0]?.[side].sent.length ?? 0
      const completed =
        typeof result === 'object' && result && 'completed' in result && result.completed
      // A read that was lost with its batch has done no harm: what it led to was durable before.
      const harmless = each.how === 'is lost' && !store.lostWrites
      if (completed !== true && !harmless) expect(sentAfter).toBe(sentBefore)
      if (each.who === 'bob' && completed !== true) expect(result).toBeInstanceOf(DiskError)
      expect(world.leftovers).toEqual(NOTHING_LEFT)
      // The session's own, and that of noting what has to be taken back.
      expect(world[each.who].storeFailures.length).toBeLessThanOrEqual(2)
    },
  )

  it.each(CASES.filter(({ forGood }) => !forGood))(
    '($role, $who, call $failAt $how) and works again leads to one tally on both sides',
    async (each) => {
      const { world, store } = worldWith(each.who)
      const link = invite(world, each.role)
      world.alice.manager.start()
      store.failAt = each.failAt
      store.how = each.how
      const first = world.redeem(link, IDENTITY).catch(() => undefined)
      await world.pass(70_000, 5_000)
      await first
      const second = await world.redeemed(link, IDENTITY)
      expect(second).toMatchObject({ completed: true })
      expect((await world.alice.tallies).map(({ status }) => status)).toEqual(['confirmed'])
      expect((await world.bob.tallies).map(({ status }) => status)).toEqual(['confirmed'])
      expect((await world.bob.tallies)[0]?.built).toEqual((await world.alice.tallies)[0]?.built)
      expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
        { used: 1, reserved: 0 },
      ])
      const builder = each.role === 'stock' ? world.alice : world.bob
      const tallyId = (await world.alice.tallies)[0]?.tallyId ?? ''
      expect(builder.own.database.draftOf(tallyId)).toEqual(
        (await world.alice.tallies)[0]?.built.draft,
      )
      await world.alice.manager.drain(0)
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    },
  )

  it('is told to whoever watches', async () => {
    const { world, store } = worldWith('alice')
    store.failAt = 1
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ completed: false, reason: 'stream_lost' })
    expect(world.alice.storeFailures).toEqual([expect.any(DiskError)])
  })

  it.each(CASES.filter(({ who, forGood }) => who === 'alice' && !forGood))(
    '($role, call $failAt $how) tells the end of what it dropped, and of none twice',
    async ({ role, who, failAt, how }) => {
      const { world, store } = worldWith(who)
      store.failAt = failAt
      store.how = how
      const moved: string[] = []
      world.alice.manager.on('session', ({ id, state }) => moved.push(`${id} ${state}`))
      const outcome = world.redeem(invite(world, role), IDENTITY).catch(() => undefined)
      await world.pass(35_000, 5_000)
      await outcome
      const ends = world.alice.ended.map(({ id }) => id)
      expect(ends).toEqual([...new Set(ends)])
      const begun = new Set(moved.map((each) => each.split(' ')[0]))
      expect([...begun].filter((id) => id === undefined || !ends.includes(id))).toEqual([])
      await world.alice.manager.tryStore()
      const states = world.alice.sessions.map(({ id, state }) => `${id} ${state}`)
      expect(states.filter((each) => !/ (COMPLETED|FAILED|TIMEOUT)$/.test(each))).toEqual([])
      // What was told is what is stored.
      expect(states.filter((each) => !moved.includes(each))).toEqual([])
      const crashed = world.alice.ended.filter(({ reason }) => reason === 'crashed')
      const noted = world.alice.auditEvents.filter((event) => event === 'sessions.dropped')
      expect(noted).toHaveLength(crashed.length)
    },
  )

  it('while a node tidies up is told, and tried again', async () => {
    const { world, store } = worldWith('alice')
    store.failAt = 1
    world.alice.manager.start()
    await world.pass(25_000, 5_000)
    expect(world.alice.storeFailures).toHaveLength(1)
    // At the start and with every tick: the time, and old sessions. The first one failed.
    expect(store.calls).toBe(6)
    await world.alice.manager.drain(0)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

it('what a store dropped is recorded once, however many find that it takes something again', async () => {
  const { world, store } = worldWith('alice')
  store.failAt = 3
  const outcome = world.redeem(world.invite(), IDENTITY).catch(() => undefined)
  await world.pass(35_000, 5_000)
  await outcome
  const { manager } = world.alice
  await Promise.all([manager.tryStore(), manager.tryStore()])
  const noted = world.alice.auditEvents.filter((event) => event === 'sessions.dropped')
  expect(noted).toHaveLength(1)
})

it.each(['fails', 'is lost'] as const)(
  'what a store dropped is closed in it at last, though it failed once more (%s) meanwhile',
  async (how) => {
    const { world, store } = worldWith('alice')
    // By then the store holds a session that is under way.
    store.failAt = 4
    const outcome = world.redeem(world.invite(), IDENTITY).catch(() => undefined)
    await world.pass(35_000, 5_000)
    await outcome
    const { manager } = world.alice
    const ends = () => world.alice.sessions.map(({ reason }) => reason)
    // The first call only tries the store.
    Object.assign(store, { failAt: store.calls + 2, how })
    await expect(manager.tryStore()).rejects.toBeInstanceOf(DiskError)
    expect(ends()).toEqual([undefined])
    await manager.tryStore()
    expect(ends()).toEqual(['crashed'])
    expect(world.alice.auditEvents).toContain('sessions.dropped')
  },
)

it('a failure that goes on is told every second, so that who took it for over hears of it', async () => {
  const { world, store } = worldWith('alice')
  const link = world.invite({ usesAllowed: null })
  Object.assign(store, { failAt: store.calls + 1, forGood: true })
  for (let tries = 0; tries < 10; tries += 1) {
    const outcome = world.redeem(link).catch(() => undefined)
    await world.pass(300, 100)
    await outcome
  }
  expect(world.alice.storeFailures).toHaveLength(3)
})

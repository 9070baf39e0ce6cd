import { describe, expect, it } from 'vitest'
import type { SessionHooks } from '../../../../src/hooks/session-hooks.ts'
import { tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { answered, written } from '../../../../src/session/ports/written.ts'
import { NOTHING_LEFT, settle, type TestNode, World } from '../../../support/session/world.ts'
import { SlowStore } from '../../../support/store-wrappers.ts'

/** How many turns a write takes: more than any exchange that would not wait. */
const TURNS = 12

/** A world in which everything that leaves a node notes how many writes of that node are not durable yet. */
function watched({ leavesNoTrace = false } = {}) {
  const stores: { alice?: SlowStore; bob?: SlowStore } = {}
  const seen: string[] = []
  const early: string[] = []
  const note = (who: 'alice' | 'bob', what: string): void => {
    seen.push(`${who}: ${what}`)
    if ((stores[who]?.pending ?? 1) > 0) early.push(`${who}: ${what}`)
  }
  const watch =
    (who: 'alice' | 'bob') =>
    (own: SessionHooks): SessionHooks => ({
      ...own,
      token: {
        validate: (...all) => own.token.validate(...all),
        reserve: async () => {
          note(who, 'token.reserve')
          return true
        },
        markUsed: async (...all) => {
          note(who, 'token.markUsed')
          await own.token.markUsed(...all)
        },
        release: async () => note(who, 'token.release'),
      },
      identity: {
        validate: async (...all) => {
          note(who, 'identity.validate')
          return await own.identity.validate(...all)
        },
      },
      database: {
        leavesNoTrace,
        provision: async (...all) => {
          note(who, 'database.provision')
          return await own.database.provision(...all)
        },
        deprovision: async (...all) => {
          note(who, 'database.deprovision')
          await own.database.deprovision?.(...all)
        },
      },
    })
  const world = new World({
    inviter: { hooks: watch('alice'), store: (own) => (stores.alice = new SlowStore(own, TURNS)) },
    invitee: { hooks: watch('bob'), store: (own) => (stores.bob = new SlowStore(own, TURNS)) },
  })
  world.faults = {
    fate: (side) => {
      note(side === 'dialer' ? 'bob' : 'alice', 'frame')
      return 'deliver'
    },
  }
  return { world, seen, early, stores }
}

describe('nothing leaves before what it rests on is durable', () => {
  const identity = { name: 'Bob' }

  it.each(['stock', 'foil'] as const)('in a whole exchange (%s)', async (initiatorRole) => {
    const { world, seen, early } = watched()
    const link = world.invite({ initiatorRole, identityRequirements: ['name'] })
    const outcome = world.redeem(link, { identity })
    await settle(400)
    expect(await outcome).toMatchObject({ completed: true })
    expect(early).toEqual([])
    expect(seen.length).toBeGreaterThan(7)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each([
    { initiatorRole: 'stock', builder: 'alice' },
    { initiatorRole: 'foil', builder: 'bob' },
  ] as const)(
    'but for a question to a database that leaves no trace ($initiatorRole)',
    async ({ initiatorRole, builder }) => {
      const { world, early, seen } = watched({ leavesNoTrace: true })
      const outcome = world.redeem(world.invite({ initiatorRole }))
      await settle(400)
      expect(await outcome).toMatchObject({ completed: true })
      expect(seen.length).toBeGreaterThan(5)
      expect(early).toEqual([`${builder}: database.provision`])
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    },
  )

  it('when a stored answer goes out again', async () => {
    const { world, early } = watched()
    const link = world.invite()
    for (const _time of [1, 2]) {
      const outcome = world.redeem(link)
      await settle(400)
      expect(await outcome).toMatchObject({ completed: true })
    }
    expect(early).toEqual([])
  })

  it('when somebody is refused and the alarm is written', async () => {
    const { world, early, stores } = watched()
    const link = world.invite()
    const first = world.redeem(link)
    await settle(400)
    await first
    const before = stores.alice?.writes ?? 0
    const carol = world.redeem(link, {}, world.stranger(3))
    await settle(400)
    expect(await carol).toMatchObject({ reason: 'used' })
    expect(stores.alice?.writes).toBeGreaterThan(before)
    expect(early.filter((each) => each.startsWith('alice'))).toEqual([])
  })

  it('when a session fails and what may have been built is taken back', async () => {
    const { world, early, seen } = watched()
    world.alice.own.database.provision = async () => await new Promise(() => undefined)
    const outcome = world.redeem(world.invite())
    await settle(200)
    world.streams[0]?.dialer.reset()
    await settle(200)
    expect(await outcome).toMatchObject({ completed: false })
    expect(seen).toContain('alice: database.deprovision')
    expect(seen).toContain('alice: token.release')
    expect(early).toEqual([])
  })

  it('when a reservation has lapsed and what may have been built is taken back', async () => {
    const { world, early, seen } = watched()
    const link = world.invite()
    await reserveForNobody(world.alice, tokenIdOf(link.secret))
    world.alice.manager.start()
    for (let round = 0; round < 8; round += 1) {
      world.clock.advance(10_000)
      await settle(100)
    }
    expect(seen).toContain('alice: database.deprovision')
    expect(early).toEqual([])
    await world.alice.manager.drain(0)
  })

  it('and a dial waits until the attempt is stored', async () => {
    const { world, stores } = watched()
    const link = world.invite()
    let pendingAtDial: number | undefined
    const dialer = world.dialerOf(world.bob)
    const outcome = world.bob.manager.redeem(
      { link, identity: {}, cadre: [] },
      {
        ...dialer,
        dial: (...all) => {
          pendingAtDial = stores.bob?.pending
          return dialer.dial(...all)
        },
      },
    )
    await settle(400)
    await outcome
    expect(pendingAtDial).toBe(0)
  })
})

/** What a process that died while it was building leaves behind. */
async function reserveForNobody(
  { store, clock, peerId: inviter }: TestNode,
  tokenId: string,
): Promise<void> {
  const now = clock.now()
  const grant = {
    tokenId,
    role: 'stock',
    expiresAt: now + 3_600_000,
    required: [],
    optional: [],
    usesAllowed: 1,
    terms: null,
  } as const
  const [sessionId, peerId] = ['session-of-the-dead', '12D3KooWNobody']
  const request = {
    redemptionId: 'left-behind',
    sessionId,
    grant,
    inviter,
    peerId,
    bootstrapId: 'bootstrap-0',
    requestHash: 'f'.repeat(64),
    another: false,
    now,
    reservedUntil: now + 60_000,
    running: new Set<string>(),
  }
  const facts = { sessionId, peerId, at: now, monotonic: 0 }
  const outcome = await answered(store, 'reserve', { op: 'reserve', request, facts })
  if (outcome.kind !== 'reserved') throw new Error('nothing was reserved')
  await written(store, [{ op: 'intendProvision', claim: outcome.claim, now, facts }])
}

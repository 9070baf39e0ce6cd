import { describe, expect, it } from 'vitest'
import type { LinkContent } from '../../../../src/protocol/link/link-content.ts'
import type { Grant } from '../../../../src/session/machine/listener-state.ts'
import { written } from '../../../../src/session/ports/written.ts'
import { timeRecords } from '../../../../src/store/records/time-records.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { begin, INVITEES, INVITERS } from '../../../support/session/stalls.ts'
import {
  NOTHING_LEFT,
  settle,
  TestNode,
  type TokenWish,
  World,
} from '../../../support/session/world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEARS = 3_652 * DAY

const JUMPS = [HOUR, -HOUR, DAY, -DAY, YEARS, -YEARS]

const each = <Item extends object>(items: readonly Item[]) =>
  items.flatMap((item) => JUMPS.map((byMs) => ({ ...item, byMs })))

function lifecycle(node: TestNode): readonly { readonly event: string; readonly byMs: number }[] {
  return [...node.store.repositories.audit.rows()]
    .map(({ text }) => JSON.parse(text))
    .filter(({ type }) => type === 'lifecycle')
    .map(({ data }) => data)
}

describe('a clock that is set while a session is in that state', () => {
  it.each(each(INVITERS))('ends the inviter in $step on time ($byMs ms)', async (at) => {
    const { world, outcome } = begin(at, 'inviter')
    await world.pass(1_000)
    world.clock.shiftWall(at.byMs)
    await world.pass(at.limit - 1_100, 5_000)
    expect(world.alice.ended).toEqual([])
    await world.pass(200)
    expect(world.alice.ended).toMatchObject([{ state: 'TIMEOUT', step: at.step }])
    await world.pass(250_000, 25_000)
    expect((await outcome).completed).toBe(false)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each(each(INVITEES))('ends the invitee in $step on time ($byMs ms)', async (at) => {
    const { world, outcome } = begin(at, 'invitee')
    await world.pass(1_000)
    world.clock.shiftWall(at.byMs)
    await world.pass(at.limit - 1_100, 5_000)
    expect(world.bob.ended).toEqual([])
    await world.pass(200)
    expect(world.bob.ended).toMatchObject([{ state: 'TIMEOUT', step: at.step }])
    expect(await outcome).toMatchObject({ state: 'TIMEOUT' })
    await world.pass(250_000, 25_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it.each(JUMPS)('lets one that goes on come to its end (%d ms)', async (byMs) => {
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const world = new World()
      let frames = 0
      world.faults = {
        fate: () => {
          frames += 1
          if (frames === 2) world.clock.shiftWall(byMs)
          return 'deliver'
        },
      }
      const outcome = await world.redeemed(world.invite({ initiatorRole }))
      expect(outcome).toMatchObject({ completed: true })
      expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
      expect(await world.bob.tallies).toMatchObject([{ status: 'confirmed' }])
    }
  })
})

/** Alice once more, after a restart: the same store and hooks, and nothing else. */
function restarted({ alice }: World): TestNode {
  const { store, own, clock } = alice
  return new TestNode(1, clock, { store: () => store, hooks: () => own })
}

/** Carol redeems at Alice's later process. */
async function redeemAt(inviter: TestNode, world: World, link: LinkContent) {
  const carol = world.stranger(3)
  const dialer = { ...world.dialerOf(carol), dial: async () => world.open(carol, inviter) }
  const outcome = carol.manager.redeem({ link, identity: {}, cadre: [] }, dialer)
  await settle()
  return await outcome
}

describe('an expired token', () => {
  const SHORT: TokenWish = { usesAllowed: null, secret: 9 }

  /** Its hour is over, and Alice has seen that it is. */
  async function expired() {
    const world = new World()
    world.alice.manager.start()
    const link = world.invite(SHORT)
    await world.pass(HOUR + 20_000, 600_000)
    expect(await world.redeemed(link)).toMatchObject({ reason: 'expired' })
    return { world, link }
  }

  it.each([HOUR, DAY, YEARS])('stays expired when the clock is set back (by %d ms)', async (ms) => {
    const { world, link } = await expired()
    world.clock.shiftWall(-ms)
    const carol = world.stranger(3)
    expect(await world.redeemed(link, {}, carol)).toMatchObject({ reason: 'expired' })
    await world.pass(60_000, 10_000)
    expect(await world.redeemed(link, {}, carol)).toMatchObject({ reason: 'expired' })
    expect(lifecycle(world.alice)).toMatchObject([{ event: 'clock.jumped', byMs: -ms }])
    await world.alice.manager.drain(0)
  })

  it.each([HOUR, DAY, YEARS])(
    'stays so if it is set back between two processes (by %d ms)',
    async (ms) => {
      const { world, link } = await expired()
      await world.alice.manager.drain(0)
      world.clock.shiftWall(-ms)
      const again = restarted(world)
      expect(await redeemAt(again, world, link)).toMatchObject({ reason: 'expired' })
      again.manager.start()
      await settle()
      expect(lifecycle(world.alice)).toMatchObject([{ event: 'clock.jumped', byMs: -ms }])
      await again.manager.drain(0)
    },
  )

  it('is told so after a crash too, but for the last ten seconds', async () => {
    const { world, link } = await expired()
    await world.pass(10_000, 10_000)
    // No orderly stop.
    world.clock.shiftWall(-DAY)
    expect(await redeemAt(restarted(world), world, link)).toMatchObject({ reason: 'expired' })
    await world.alice.manager.drain(0)
  })

  it('is what a token is by a clock far ahead, and is no more once that is trusted no longer', async () => {
    const world = new World()
    const { store, clock } = world.alice
    const link = world.invite(SHORT)
    clock.shiftWall(YEARS)
    expect(await world.redeemed(link)).toMatchObject({ reason: 'expired' })
    clock.shiftWall(-YEARS)
    expect(await world.redeemed(link)).toMatchObject({ reason: 'expired' })
    await store.transact(() => timeRecords.reset(clock.now(), clock.now() + 600_000))
    expect(await redeemAt(restarted(world), world, link)).toMatchObject({ completed: true })
  })
})

describe('deadlines in the store', () => {
  it.each([-HOUR, -DAY, -YEARS])('pass although the clock is set back (%d ms)', async (byMs) => {
    const world = new World()
    world.alice.manager.start()
    const link = world.invite({ initiatorRole: 'foil' })
    world.faults = { fate: (side, _payload, n) => (side === 'dialer' && n > 1 ? 'cut' : 'deliver') }
    await world.redeemed(link)
    world.clock.shiftWall(byMs)
    await world.pass(700_000, 10_000)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    await world.alice.manager.drain(0)
  })

  it('that were set by a wrong clock are near once it is trusted no longer', async () => {
    const world = new World()
    const { store, clock } = world.alice
    const now = clock.now()
    const grant: Grant = {
      tokenId: 'token',
      role: 'stock',
      expiresAt: now + 2 * YEARS,
      required: [],
      optional: [],
      usesAllowed: 1,
      terms: null,
    }
    const request = {
      redemptionId: 'redemption',
      sessionId: 'session',
      grant,
      inviter: world.alice.peerId,
      peerId: world.bob.peerId,
      bootstrapId: 'bootstrap',
      requestHash: 'hash',
      another: false,
      now: now + YEARS,
      reservedUntil: now + YEARS + 60_000,
      running: new Set<string>(),
    }
    const facts = { sessionId: 'session', peerId: world.bob.peerId, at: now, monotonic: 0 }
    await written(store, [{ op: 'reserve', request, facts }])
    const lapsed = (at: number) => store.repositories.redemptions.lapsed(at, 10)
    expect(lapsed(now + DAY)).toEqual([])
    const notice = { ...request, tokenId: 'token', fence: 1 }
    await store.write(({ notices }) => notices.owe(notice, now + YEARS, now + YEARS))
    await store.transact(() => timeRecords.reset(now, now + 600_000))
    expect(store.repositories.notices.due(now + 600_000, 10)).toHaveLength(1)
    expect(lapsed(now + 600_000)).toEqual([])
    expect(lapsed(now + 600_001)).toHaveLength(1)
  })
})

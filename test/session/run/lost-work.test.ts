import { describe, expect, it } from 'vitest'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { Submitted, Urgency, Work } from '../../../src/session/ports/work.ts'
import { NOTHING_LEFT, type TestNode, World } from '../../support/session/world.ts'
import { ForwardingStore, LateStore, LosingStore } from '../../support/store-wrappers.ts'

/** The types of the events in the journal of a node's only session. */
function eventsOf({ sessions, store }: TestNode): readonly string[] {
  const [session] = sessions
  const entries = store.repositories.sessions.entries(session?.id ?? '')
  return entries.map(({ event }) => JSON.parse(event).type)
}

describe('work of an inviter that was lost', () => {
  it.each([
    { role: 'stock', op: 'intendProvision', why: 'revoked', event: 'approvalVoid' },
    { role: 'foil', op: 'approve', why: 'revoked', event: 'approvalVoid' },
    { role: 'stock', op: 'commit', why: 'taken', event: 'provisionRefused' },
    { role: 'foil', op: 'commit', why: 'taken', event: 'databaseRefused' },
    { role: 'stock', op: 'commit', why: 'fence', event: 'superseded' },
    { role: 'foil', op: 'delegate', why: 'fence', event: 'superseded' },
  ] as const)('($role, $op: $why) is told to its session as $event', async (each) => {
    const world = new World({
      inviter: { store: (own) => new LosingStore(own, each.op, each.why) },
    })
    const outcome = await world.redeemed(world.invite({ initiatorRole: each.role }))
    expect(outcome).toMatchObject({ completed: false })
    expect(eventsOf(world.alice)).toContain(each.event)
    expect(world.alice.sessions).toMatchObject([{ state: 'FAILED' }])
    expect(await world.alice.tallies).toEqual([])
    expect(world.alice.storeFailures).toEqual([])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('work of an invitee that was lost', () => {
  it.each([
    { role: 'foil', op: 'keepTally', why: 'overtaken', event: 'hookFailed' },
    { role: 'stock', op: 'quoteLease', why: 'fence', event: 'superseded' },
    { role: 'foil', op: 'keepTally', why: 'fence', event: 'superseded' },
  ] as const)('($role, $op: $why) is told to its session as $event', async (each) => {
    const world = new World({
      invitee: { store: (own) => new LosingStore(own, each.op, each.why) },
    })
    const outcome = await world.redeemed(world.invite({ initiatorRole: each.role }))
    await world.pass(40_000, 5_000)
    expect(outcome).toMatchObject({ completed: false })
    expect(eventsOf(world.bob)).toContain(each.event)
    expect(world.bob.storeFailures).toEqual([])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('because another session was faster to begin leaves nothing of it', async () => {
    const world = new World({
      invitee: { store: (own) => new LosingStore(own, 'beginAttempt', 'busy') },
    })
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ reason: 'in_progress', step: 'CREATED', retryAfterMs: 1_000 })
    expect(world.bob.sessions).toEqual([])
    expect(world.streams).toEqual([])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('because its session was closed leaves no word of its own', async () => {
    const world = new World({
      invitee: { store: (own) => new LosingStore(own, 'keepTally', 'over') },
    })
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ completed: false, reason: 'superseded' })
    expect(eventsOf(world.bob)).not.toContain('superseded')
    await world.pass(40_000, 5_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

it.each(['stock', 'foil'] as const)(
  'a store that answers a few turns late changes nothing about an exchange (%s)',
  async (initiatorRole) => {
    const exchange = async (turns: number) => {
      const moves: string[] = []
      const world = new World({
        inviter: { store: (own) => new LateStore(own, turns) },
        invitee: { store: (own) => new LateStore(own, turns) },
      })
      for (const node of [world.alice, world.bob])
        node.manager.on('session', ({ side, state }) => moves.push(`${side} ${state}`))
      const outcome = world.redeem(world.invite({ initiatorRole }))
      await world.pass(100, 20)
      expect(await outcome).toMatchObject({ completed: true })
      expect(world.leftovers).toEqual(NOTHING_LEFT)
      return moves.toSorted()
    }
    expect(await exchange(5)).toEqual(await exchange(0))
  },
)

/** A store in which somebody else writes a session's journal, from its second entry on. */
class ContestedStore extends ForwardingStore {
  /** Pieces of work that were lost by that. */
  lost = 0
  #saved = 0

  override submit(work: Work, urgency?: Urgency): Submitted {
    const at = work.findIndex(({ op }) => op === 'saveSession')
    // Bounded: a session that tries for ever must fail its test, and not hang it.
    if (at === -1 || this.#saved++ === 0 || this.lost === 20) return super.submit(work, urgency)
    this.lost += 1
    const lost = { kind: 'lost', at, why: 'fence' } as const
    return { outcome: Promise.resolve(lost), durable: Promise.resolve() }
  }
}

it('a session whose end is lost as its last move was ends without a word, and does not try for ever', async () => {
  const stores: ContestedStore[] = []
  const store = (own: SessionStore) => {
    const contested = new ContestedStore(own)
    stores.push(contested)
    return contested
  }
  const world = new World({ inviter: { store } })
  expect(await world.redeemed(world.invite())).toMatchObject({ completed: false })
  expect(stores.map(({ lost }) => lost)).toEqual([2])
  expect(world.alice.storeFailures).toMatchObject([{ code: 'work_lost', why: 'fence' }])
  expect(world.alice.manager.getActiveSessionCounts().total).toBe(0)
})

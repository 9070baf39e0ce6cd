import { describe, expect, it } from 'vitest'
import type { BootstrapOutcome } from '../../../../src/session/dialer/outcome.ts'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import { MemoryStore } from '../../../../src/store/memory/memory-store.ts'
import { openMemoryStore } from '../../../../src/store/transaction/store.ts'
import { NOTHING_LEFT, settle, type TestNode, World } from '../../../support/session/world.ts'

const ENGINES: readonly (readonly [name: string, open: () => SessionStore])[] = [
  ['SQLite in memory', openMemoryStore],
  ['plain memory', () => new MemoryStore()],
  ['plain memory that answers late', () => new MemoryStore({ turns: 3 })],
]

/** How long everything may take that needs no time to pass, if each answer of a store comes late. */
const TURNS = 300

describe.each(ENGINES)('on %s', (_name, open) => {
  /** Two nodes, and more of them, each on a store of this engine. */
  function worldOf() {
    const stores = new Map<TestNode, SessionStore>()
    const [alices, bobs] = [open(), open()]
    const world = new World({ inviter: { store: () => alices }, invitee: { store: () => bobs } })
    stores.set(world.alice, alices).set(world.bob, bobs)
    const stranger = (name: number) => {
      const store = open()
      const node = world.stranger(name, { store: () => store })
      stores.set(node, store)
      return node
    }
    const storeOf = (node: TestNode): SessionStore => stores.get(node) ?? alices
    return { world, stranger, storeOf }
  }

  for (const initiatorRole of ['stock', 'foil'] as const) {
    it(`an invitation of a ${initiatorRole} holder leaves the same confirmed draft on both sides`, async () => {
      const { world, storeOf } = worldOf()
      const tallyId = tallyOf(await world.redeem(world.invite({ initiatorRole })))
      await settle(TURNS)
      const alices = await storeOf(world.alice).lookups.tallies.find(tallyId)
      const bobs = await storeOf(world.bob).lookups.tallies.find(tallyId)
      expect([alices?.status, bobs?.status]).toEqual(['confirmed', 'confirmed'])
      expect(bobs?.built).toEqual(alices?.built)
      expect(bobs?.receipt).toEqual(alices?.receipt)
      expect(world.leftovers).toEqual(NOTHING_LEFT)
      expect(await storeOf(world.alice).lookups.redemptions.holdsAny(world.bob.peerId)).toBe(false)
    })

    it(`a lost word of a ${initiatorRole} holder is made good by the next contact`, async () => {
      const { world, storeOf } = worldOf()
      const link = world.invite({ initiatorRole })
      world.faults = { fate: (from) => (from === 'listener' ? 'cut' : 'deliver') }
      expect(await world.redeem(link)).toMatchObject({ completed: false })
      await settle(TURNS)
      world.faults = {}
      const tallyId = tallyOf(await world.redeem(link))
      await settle(TURNS)
      const { tallies, sessions } = storeOf(world.alice).lookups
      expect((await tallies.find(tallyId))?.status).toBe('confirmed')
      expect(await sessions.open('listener', world.clock.now(), 10)).toEqual([])
      expect(world.leftovers).toEqual(NOTHING_LEFT)
    })
  }

  it('two peers at once get one use between them', async () => {
    const { world, stranger } = worldOf()
    const link = world.invite()
    const peers = [world.bob, stranger(3)]
    const outcomes = await Promise.all(peers.map((peer) => world.redeem(link, {}, peer)))
    await settle(TURNS)
    expect(outcomes.filter(({ completed }) => completed)).toHaveLength(1)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('a standing invitation gives one tally to each peer, and another to who asks', async () => {
    const { world, stranger } = worldOf()
    const link = world.invite({ usesAllowed: null })
    const peers = [world.bob, ...[3, 4, 5, 6].map(stranger)]
    const outcomes = await Promise.all(peers.map((peer) => world.redeem(link, {}, peer)))
    outcomes.push(await world.redeem(link), await world.redeem(link, { another: true }))
    await settle(TURNS)
    expect(new Set(outcomes.map(tallyOf)).size).toBe(6)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('two sessions on one link do not meet', async () => {
    const { world } = worldOf()
    const link = world.invite()
    const outcomes = await Promise.all([world.redeem(link), world.redeem(link)])
    await settle(TURNS)
    expect(outcomes.map(({ completed }) => completed).sort()).toEqual([false, true])
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

function tallyOf(outcome: BootstrapOutcome): string {
  if (outcome.completed) return outcome.tallyId
  throw new Error(`came to nothing: ${JSON.stringify(outcome)}`)
}

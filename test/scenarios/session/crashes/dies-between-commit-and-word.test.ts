import { expect, test } from 'vitest'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import type { Submitted, Work } from '../../../../src/session/ports/work.ts'
import type { Write } from '../../../../src/session/ports/write.ts'
import { recoverSessions } from '../../../../src/session/recovery/recover-sessions.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { settle, TestNode, World } from '../../../support/session/world.ts'
import { DiskError, ForwardingStore, failed } from '../../../support/store-wrappers.ts'

/** The store of a process that dies when the commit with this write is on the disk and nobody has heard of it. */
class LastCommitStore extends ForwardingStore {
  isOver = false
  readonly #last: Write['op']

  constructor(own: SessionStore, last: Write['op']) {
    super(own)
    this.#last = last
  }

  override submit(work: Work): Submitted {
    if (this.isOver) return failed(new DiskError('this process is dead'))
    const { outcome, durable } = super.submit(work)
    this.isOver = work.some(({ op }) => op === this.#last)
    return { outcome, durable: this.isOver ? new Promise<void>(() => undefined) : durable }
  }
}

/** Closes what the dead process left, as the next one does when it starts. */
async function recover({ store, clock }: TestNode): Promise<void> {
  for (const side of ['listener', 'dialer'] as const)
    await recoverSessions({ store, clock, isGone: () => true }, side)
}

/** The next process of the same party: the same store and hooks, and nothing of what was in memory. */
async function restarted(dead: TestNode, name: number): Promise<TestNode> {
  await recover(dead)
  return new TestNode(name, dead.clock, { store: () => dead.store, hooks: () => dead.own })
}

/** The sessions that are still open when whoever redeems could not be alive any more. */
async function openLater(world: World, dead: TestNode): Promise<readonly string[]> {
  await world.pass(60_000, 1_000)
  await recover(dead)
  return dead.sessions.filter(({ endedAt }) => endedAt === undefined).map(({ id }) => id)
}

test.each([
  { initiatorRole: 'stock', last: 'commit', words: [] },
  { initiatorRole: 'foil', last: 'delegate', words: [] },
  { initiatorRole: 'foil', last: 'commit', words: ['ProvisioningResult'] },
] as const)(
  'an inviter ($initiatorRole) that dies between its $last and the word about it gives that word to who comes again',
  async ({ initiatorRole, last, words }) => {
    const world = new World({ inviter: { store: (own) => new LastCommitStore(own, last) } })
    const link = world.invite({ initiatorRole })
    const broken = world.redeem(link)
    await settle()
    expect(world.said(0).listener.map(({ type }) => type)).toEqual(words)
    world.streams[0]?.listener.reset()
    await settle()
    expect(await broken).toMatchObject({ completed: false })
    const before = (await world.alice.tallies).map(({ tallyId }) => tallyId)

    const inviter = await restarted(world.alice, 1)
    const again = world.redeem(link, {}, world.bob, inviter)
    await settle()
    expect(await again).toMatchObject({ completed: true })
    expect(await world.bob.tallies).toMatchObject([{ status: 'confirmed' }])
    const [tally, ...others] = await world.alice.tallies
    expect(others).toEqual([])
    expect(tally).toMatchObject({
      tallyId: (await world.bob.tallies)[0]?.tallyId,
      status: 'confirmed',
    })
    expect([[], [tally?.tallyId]]).toContainEqual(before)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 1, reserved: 0 },
    ])
    expect(await openLater(world, world.alice)).toEqual([])
  },
)

test.each(['stock', 'foil'] as const)(
  'an invitee (of a %s) that dies between keeping its tally and the word about it brings that word later',
  async (initiatorRole) => {
    const store = (own: SessionStore) => new LastCommitStore(own, 'keepTally')
    const world = new World({ invitee: { store, processId: 'first' } })
    const link = world.invite({ initiatorRole })
    void world.redeem(link)
    await settle()
    const said = world.said(0).dialer.map(({ type }) => type)
    expect(said).toEqual(['InboundContact'])
    world.streams[0]?.dialer.reset()
    await settle()
    const [kept] = await world.bob.tallies

    const invitee = await restarted(world.bob, 2)
    expect(await world.redeemed(link, {}, invitee)).toMatchObject({ completed: true })
    expect(await world.bob.tallies).toMatchObject([{ tallyId: kept?.tallyId, status: 'confirmed' }])
    expect(await world.alice.tallies).toMatchObject([
      { tallyId: kept?.tallyId, status: 'confirmed' },
    ])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 1, reserved: 0 },
    ])
    expect(await openLater(world, world.bob)).toEqual([])
  },
)

import { describe, expect, it } from 'vitest'
import { tokenIdOf } from '../../../src/protocol/link/secret.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import type { PolicyReport, ReapOptions } from '../../../src/session/reaper/reap-options.ts'
import { MAX_UNWRITTEN_MS } from '../../../src/session/run/unwritten-moves.ts'
import { removalRecords } from '../../../src/store/records/removal-records.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { timeRecords } from '../../../src/store/records/time-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { reapOptions } from '../../support/session/reaping.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, type TestNode, World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

async function reaped(
  node: TestNode,
  policy: PolicyReport['policy'],
  rest: Partial<ReapOptions> = {},
): Promise<PolicyReport> {
  const [report] = await node.manager.reap(reapOptions([policy], rest))
  if (report === undefined) throw new TypeError('no report')
  return report
}

const auditTexts = ({ store }: TestNode) =>
  [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))

describe('nothing', () => {
  it('is reaped that was not named', async () => {
    const world = new World()
    await scriptedInvitee(world).say(contactOf(world.invite(), world.bob))
    const before = auditTexts(world.alice).length
    expect(await world.alice.manager.reap(reapOptions([]))).toEqual([])
    expect(auditTexts(world.alice)).toHaveLength(before)
  })
})

describe('idle', () => {
  const patient = { inviter: { config: { stepTimeoutMs: 60_000, sessionTimeoutMs: 120_000 } } }

  it('ends sessions that make no progress, and leaves the others', async () => {
    const world = new World(patient)
    const silent = scriptedInvitee(world)
    await world.pass(20_000)
    const talking = scriptedInvitee(world)
    await settle()
    const report = await reaped(world.alice, 'idle', { olderThanMs: 10_000 })
    expect(report).toMatchObject({
      examined: 2,
      reaped: 1,
      skipped: [{ why: 'it makes progress', count: 1 }],
    })
    await settle()
    expect([silent.refusal, talking.refusal]).toEqual(['timed_out', undefined])
    expect(world.alice.manager.getActiveSessionCounts().total).toBe(1)
    const events = auditTexts(world.alice).map(
      ({ type, data }) => data.event ?? `${type} ${data.policy}`,
    )
    expect(events).toEqual(['session.idle', 'operator idle'])
  })

  it('gives back what they only reserved, and nothing that they committed', async () => {
    const never = new Promise<never>(() => undefined)
    const world = new World({
      inviter: {
        config: { ...patient.inviter.config, provisionTimeoutMs: 100_000 },
        hooks: (own) => ({ ...own, database: { provision: () => never } }),
      },
    })
    await scriptedInvitee(world).say(contactOf(world.invite(), world.bob))
    await world.pass(5_000)
    await reaped(world.alice, 'idle', { olderThanMs: 1_000, filter: { state: 'provisioning_db' } })
    await settle()
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    expect(world.alice.sessions).toMatchObject([{ state: 'FAILED', reason: 'cancelled' }])
  })

  it('only looks, if that is what is asked for', async () => {
    const world = new World(patient)
    scriptedInvitee(world)
    await world.pass(20_000)
    const wish = { olderThanMs: 10_000, dryRun: true }
    expect(await reaped(world.alice, 'idle', wish)).toMatchObject({ reaped: 1 })
    await settle()
    expect(world.alice.manager.getActiveSessionCounts().total).toBe(1)
    expect(auditTexts(world.alice)).toEqual([])
  })
})

describe('expired', () => {
  /** Bob was approved and never came back with his database. */
  async function lapsing() {
    const world = new World()
    const link = world.invite({ initiatorRole: 'foil' })
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob, { role: 'foil' }))
    return { world, link }
  }

  it('frees a use whose reservation is over, and no other', async () => {
    const { world } = await lapsing()
    expect(await reaped(world.alice, 'expired')).toMatchObject({ reaped: 0 })
    await world.pass(700_000, 50_000)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { reserved: 1 },
    ])
    const report = await reaped(world.alice, 'expired')
    expect(report.things).toMatchObject([{ kind: 'reservation', state: 'delegated' }])
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { reserved: 0, used: 0 },
    ])
    expect(world.alice.auditEvents).toContain('released')
  })

  it('leaves a use alone while a session of it is under way', async () => {
    const never = new Promise<never>(() => undefined)
    const config = { stepTimeoutMs: HOUR, sessionTimeoutMs: HOUR, provisionTimeoutMs: HOUR }
    const hooks = {
      hooks: (own: TestNode['own']) => ({ ...own, database: { provision: () => never } }),
    }
    const world = new World({ inviter: { config, ...hooks } })
    await scriptedInvitee(world).say(contactOf(world.invite(), world.bob))
    await world.alice.store.transact(() => timeRecords.reset(world.clock.now(), 0))
    await world.pass(10_000)
    const report = await reaped(world.alice, 'expired')
    const why = 'a session is under way'
    expect(report).toMatchObject({ reaped: 0, skipped: [{ why, count: 1 }, { count: 1 }] })
  })

  it('clears tokens away that expired long ago, and never one of which a use was reserved', async () => {
    const { world, link } = await lapsing()
    const { alice, clock } = world
    const limits = { role: 'stock' as const, uses: 1, required: [], optional: [], terms: null }
    const issued = { ...limits, secretHash: new Uint8Array(32), issuedAt: clock.now() }
    await alice.store.transact(function* () {
      yield* tokenRecords.issue({ ...issued, id: 'unused', expiresAt: clock.now() + HOUR })
      yield* tokenRecords.issue({ ...issued, id: 'good', expiresAt: clock.now() + 400 * DAY })
    })
    clock.advance(32 * DAY)
    await settle()
    const report = await reaped(alice, 'expired')
    expect(report.things.map(({ kind, id }) => `${kind} ${id}`)).toContain('token unused')
    const left = (await alice.store.query(() => tokenRecords.list())).map(({ id }) => id)
    expect(left.toSorted()).toEqual(['good', tokenIdOf(link.secret)].toSorted())
  })

  it('clears attempts away that came to nothing long ago, and none that led to a tally', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    const other = world.invite({ secret: 8, identityRequirements: ['name'] })
    expect(await world.redeemed(other)).toMatchObject({ reason: 'identity_required' })
    world.clock.advance(31 * DAY)
    const report = await reaped(world.bob, 'expired')
    expect(report).toMatchObject({ reaped: 1, things: [{ kind: 'attempt', state: 'ended' }] })
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })
})

describe('orphaned', () => {
  /** Bob's process dies while it dials. */
  async function crashed(world: World) {
    const link = world.invite()
    const dead = world.stranger(2, { store: () => world.bob.store, processId: 'dead' })
    const dialer: Dialer = { ...world.dialerOf(dead), dial: () => new Promise(() => undefined) }
    void dead.manager.redeem({ link, identity: {}, cadre: [] }, dialer)
    await settle()
    return link
  }

  it('closes the sessions and frees the leases of dead processes, not of living ones', async () => {
    const world = new World()
    const link = await crashed(world)
    const alive = await reaped(world.bob, 'orphaned', { isGone: () => false })
    expect(alive).toMatchObject({ reaped: 0, skipped: [{ count: 1 }] })
    const looked = await reaped(world.bob, 'orphaned', { isGone: () => true, dryRun: true })
    const done = await reaped(world.bob, 'orphaned', { isGone: () => true })
    expect(done.things.map(({ kind }) => kind)).toEqual(['lease', 'session'])
    expect(looked.things).toEqual(done.things)
    expect(world.bob.sessions).toMatchObject([{ state: 'FAILED', reason: 'crashed' }])
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })

  it('leaves sessions alone that are under way here', async () => {
    const world = new World({ inviter: { config: { stepTimeoutMs: HOUR } } })
    const link = world.invite({ initiatorRole: 'foil' })
    await scriptedInvitee(world).say(contactOf(link, world.bob, { role: 'foil' }))
    await world.pass(MAX_UNWRITTEN_MS, MAX_UNWRITTEN_MS)
    const report = await reaped(world.alice, 'orphaned')
    expect(report).toMatchObject({ reaped: 0, skipped: [{ why: 'it is under way', count: 1 }] })
    expect(world.alice.sessions).toMatchObject([{ state: 'AWAITING_ACK' }])
  })

  it('removes documents without a tally, and none of a tally', async () => {
    const world = new World()
    const outcome = await world.redeemed(world.invite())
    const tallyId = outcome.completed ? outcome.tallyId : ''
    const { store } = world.alice
    const parts = { added: [new Uint8Array([1])], isFolded: false }
    await store.transact(function* () {
      for (const id of [tallyId, 'nobody’s']) yield* tallyChunkRecords.add(id, parts)
    })
    const report = await reaped(world.alice, 'orphaned')
    expect(report).toMatchObject({ reaped: 1, things: [{ kind: 'document', id: 'nobody’s' }] })
    const left = (id: string) => store.query(() => tallyChunkRecords.all(id))
    expect((await left(tallyId)).length).toBe(1)
    expect((await left('nobody’s')).length).toBe(0)
  })

  it('tries again at once what could not be removed, and not what was never tried', async () => {
    let isBroken = true
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          database: {
            provision: (...all) => own.database.provision(...all),
            deprovision: async () => {
              if (isBroken) throw new Error('the server is away')
            },
          },
        }),
      },
    })
    const { alice } = world
    const order = { redemptionId: 'r', fence: 1, sessionId: 's', peerId: 'p', reason: 'given up' }
    const now = world.clock.now()
    await alice.store.write(({ removals }) => {
      removals.owe({ ...order, tallyId: 'failed' }, now)
      removals.owe({ ...order, tallyId: 'being built' }, now, now + HOUR)
    })
    expect(await reaped(alice, 'orphaned')).toMatchObject({ reaped: 0 })
    await settle()
    isBroken = false
    expect(await reaped(alice, 'orphaned')).toMatchObject({
      reaped: 1,
      skipped: [{ why: 'it was not tried yet', count: 1 }],
      things: [{ kind: 'database', id: 'failed' }],
    })
    await settle()
    expect(readNow(alice.store, () => removalRecords.list(10))).toMatchObject([
      { tallyId: 'being built' },
    ])
  })
})

describe('a filter', () => {
  it('lets through what fits all of it', async () => {
    const world = new World({
      inviter: { config: { stepTimeoutMs: HOUR, sessionTimeoutMs: HOUR } },
    })
    for (const [name, secret] of [
      [2, 7],
      [3, 8],
    ] as const) {
      const from = world.stranger(name)
      const link = world.invite({ initiatorRole: 'foil', secret })
      await scriptedInvitee(world, from).say(contactOf(link, from, { role: 'foil' }))
    }
    await world.pass(5_000)
    const bob = world.bob.peerId
    const tokenId = tokenIdOf(new Uint8Array(16).fill(8))
    const examined = async (filter: ReapOptions['filter']) =>
      (await reaped(world.alice, 'idle', { filter, dryRun: true })).examined
    expect(await examined({})).toBe(2)
    expect(await examined({ peerId: bob.slice(0, 20) })).toBeGreaterThanOrEqual(1)
    expect(await examined({ peerId: bob.slice(-8) })).toBe(1)
    expect(await examined({ tokenId: tokenId.slice(0, 6) })).toBe(1)
    expect(await examined({ tokenId, peerId: bob })).toBe(0)
    expect(await examined({ side: 'dialer' })).toBe(0)
    expect(await examined({ state: 'awaiting_ack', side: 'listener' })).toBe(2)
  })
})

it('reaping leaves no timer and no session behind', async () => {
  const world = new World()
  await world.redeemed(world.invite())
  await world.alice.manager.reap(reapOptions(['idle', 'expired', 'orphaned']))
  await world.pass(10_000)
  expect(world.leftovers).toEqual(NOTHING_LEFT)
})

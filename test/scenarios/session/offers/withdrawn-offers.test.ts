import { describe, expect, it } from 'vitest'
import { decodeMessage } from '../../../../src/protocol/message/message-codec.ts'
import { messageHash } from '../../../../src/protocol/message/message-hash.ts'
import { removalRecords } from '../../../../src/store/records/removal-records.ts'
import { tallyChunkRecords } from '../../../../src/store/records/tally-chunk-records.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { reapOptions, withdrawOffers } from '../../../support/session/reaping.ts'
import {
  contactOf,
  dialerToScript,
  scriptedInvitee,
} from '../../../support/session/scripted-peer.ts'
import { settle, World, type WorldInit } from '../../../support/session/world.ts'
import { readNow } from '../../../support/store/read-now.ts'

/** Bob has his tally, and Alice has not heard of it. */
async function unacknowledged(init: WorldInit = {}, usesAllowed: number | null = 1) {
  const world = new World(init)
  const link = world.invite({ usesAllowed })
  const isAck = (payload: Uint8Array) => decodeMessage(payload).type === 'Acknowledgment'
  world.faults = {
    fate: (side, payload) => (side === 'dialer' && isAck(payload) ? 'drop' : 'deliver'),
  }
  const outcome = await world.redeemed(link)
  world.faults = {}
  await world.pass(10_000)
  expect(outcome).toMatchObject({ completed: true })
  expect(await world.alice.tallies).toMatchObject([{ status: 'offered' }])
  expect(await world.bob.tallies).toMatchObject([{ status: 'confirmed' }])
  return { world, link, tallyId: outcome.completed ? outcome.tallyId : '' }
}

const uses = async ({ alice }: World) =>
  (await alice.store.query(() => tokenRecords.list())).map(({ used }) => used)

describe('an offer that was not acknowledged for long', () => {
  it('is withdrawn when it is asked for by name: its tally goes, its use stays consumed', async () => {
    const { world, tallyId } = await unacknowledged()
    const [report] = await withdrawOffers(world.alice)
    expect(report).toMatchObject({ policy: 'offered', examined: 1, reaped: 1, skipped: [] })
    expect(report?.things).toMatchObject([{ kind: 'offer', state: 'offered', tallyId }])
    await settle()
    expect(await world.alice.tallies).toEqual([])
    expect(world.alice.own.database.draftOf(tallyId)).toBeUndefined()
    expect(readNow(world.alice.store, () => removalRecords.list(10))).toEqual([])
    expect(await uses(world)).toEqual([1])
    expect(world.alice.auditEvents).toEqual(expect.arrayContaining(['withdrawn', 'removed']))
  })

  it('is told as withdrawn to its peer, whose tally stays and says so', async () => {
    const { world, link, tallyId } = await unacknowledged()
    await withdrawOffers(world.alice)
    for (let times = 0; times < 2; times += 1) {
      expect(await world.redeemed(link)).toMatchObject({ completed: false, reason: 'withdrawn' })
      expect(await world.bob.tallies).toMatchObject([{ tallyId, status: 'withdrawn' }])
    }
    expect(world.bob.own.database.draftOf(tallyId)).toBeUndefined()
    expect(world.bob.auditEvents.filter((event) => event === 'withdrawn')).toHaveLength(1)
    expect(await uses(world)).toEqual([1])
    const away = { localPeer: world.bob.peerId, dial: () => Promise.reject(new Error('away')) }
    const unheard = await world.bob.manager.redeem({ link, identity: {}, cadre: [] }, away)
    expect(unheard).toMatchObject({ completed: false, reason: 'unreachable' })
  })

  it('is told as withdrawn after the token was revoked and has expired, too', async () => {
    const { world, link } = await unacknowledged()
    await withdrawOffers(world.alice)
    world.alice.own.token.revoke(
      (await world.alice.store.query(() => tokenRecords.list()))[0]?.id ?? '',
    )
    await world.pass(3_600_000, 600_000)
    expect(await world.redeemed(link)).toMatchObject({ completed: false, reason: 'withdrawn' })
    expect(await world.bob.tallies).toMatchObject([{ status: 'withdrawn' }])
  })

  it('is nobody else’s: a one-time token gives no second tally', async () => {
    const { world, link } = await unacknowledged()
    await withdrawOffers(world.alice)
    const carol = world.stranger(3)
    expect(await world.redeemed(link, {}, carol)).toMatchObject({ reason: 'used' })
    const forgetful = scriptedInvitee(world)
    await forgetful.say(contactOf(link, world.bob, { bootstrapId: 'bootstrap-2' }))
    expect(forgetful.refusal).toBe('withdrawn')
    expect(await world.alice.tallies).toEqual([])
  })

  it('leaves a standing invitation good for another tally', async () => {
    const { world, link } = await unacknowledged({}, null)
    await withdrawOffers(world.alice)
    const other = await world.redeemed(link, { another: true })
    expect(other).toMatchObject({ completed: true })
    // What is there comes before what is gone.
    expect(await world.redeemed(link)).toMatchObject({
      completed: true,
      tallyId: other.completed ? other.tallyId : '',
    })
  })

  it('does not hide an older tally of the same link that stands', async () => {
    const world = new World()
    const link = world.invite({ usesAllowed: null })
    const first = await world.redeemed(link)
    const isAck = (payload: Uint8Array) => decodeMessage(payload).type === 'Acknowledgment'
    world.faults = {
      fate: (side, payload) => (side === 'dialer' && isAck(payload) ? 'drop' : 'deliver'),
    }
    await world.redeemed(link, { another: true })
    world.faults = {}
    await world.pass(10_000)
    await withdrawOffers(world.alice)
    expect(await world.redeemed(link)).toMatchObject({ reason: 'withdrawn' })
    const tallyId = first.completed ? first.tallyId : ''
    expect(await world.redeemed(link)).toMatchObject({ completed: true, tallyId })
  })

  it('answers a late acknowledgment with a refusal, and stays withdrawn', async () => {
    const world = new World()
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const [answer] = first.heardBytes
    const message = decodeMessage(answer ?? new Uint8Array())
    const redemptionId = 'redemptionId' in message ? message.redemptionId : ''
    const responseHash = messageHash(answer ?? new Uint8Array())
    await world.pass(10_000)
    await withdrawOffers(world.alice)
    const late = scriptedInvitee(world)
    await late.say({ type: 'Acknowledgment', redemptionId, responseHash })
    expect(late.refusal).toBe('withdrawn')
    const stranger = scriptedInvitee(world, world.stranger(3))
    await stranger.say({ type: 'Acknowledgment', redemptionId, responseHash })
    expect(stranger.heard).toEqual([])
    expect(world.alice.auditEvents).not.toContain('confirmed')
    expect(await world.alice.tallies).toEqual([])
  })

  it('is not withdrawn while it may be on its way, nor shortly after it was given again', async () => {
    const { world, link } = await unacknowledged()
    await expect(
      world.alice.manager.reap(reapOptions(['offered'], { olderThanMs: 60_000 })),
    ).rejects.toThrow(RangeError)
    const isAck = (payload: Uint8Array) => decodeMessage(payload).type === 'Acknowledgment'
    world.faults = {
      fate: (side, payload) => (side === 'dialer' && isAck(payload) ? 'drop' : 'deliver'),
    }
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    const [report] = await withdrawOffers(world.alice)
    expect(report).toMatchObject({ reaped: 0, skipped: [{ why: 'not old enough', count: 1 }] })
    expect(await world.alice.tallies).toMatchObject([{ status: 'offered' }])
  })

  it('is not withdrawn once it is acknowledged, nor when its document was changed', async () => {
    const { world, link, tallyId } = await unacknowledged()
    await world.alice.store.transact(function* () {
      yield* tallyChunkRecords.add(tallyId, { added: [new Uint8Array([1])], isFolded: false })
      yield* tallyChunkRecords.add(tallyId, { added: [new Uint8Array([2])], isFolded: false })
      // Folded after many changes, it is not taken for one that nobody changed.
      yield* tallyChunkRecords.add(tallyId, { added: [new Uint8Array([3])], isFolded: true })
    })
    const [changed] = await withdrawOffers(world.alice)
    expect(changed).toMatchObject({ skipped: [{ why: 'its document was changed', count: 1 }] })
    await world.redeemed(link)
    await world.pass(10_000)
    const [confirmed] = await withdrawOffers(world.alice)
    expect(confirmed).toMatchObject({ examined: 0, reaped: 0 })
    expect(await world.alice.tallies).toMatchObject([{ status: 'confirmed' }])
  })

  it('is looked at only, if that is what is asked for', async () => {
    const { world } = await unacknowledged()
    const records = [...world.alice.store.repositories.audit.rows()].length
    const [report] = await withdrawOffers(world.alice, { dryRun: true })
    expect(report).toMatchObject({ examined: 1, reaped: 1 })
    expect(await world.alice.tallies).toMatchObject([{ status: 'offered' }])
    expect([...world.alice.store.repositories.audit.rows()]).toHaveLength(records)
  })
})

describe.each(['stock', 'foil'] as const)('an inviter that only says withdrawn (%s)', (role) => {
  it('is believed where it never confirmed anything, and changes no word of its receipt', async () => {
    const world = new World()
    const link = world.invite({ initiatorRole: role })
    await world.redeemed(link)
    const withdrawn = {
      type: 'ProvisioningResult',
      approved: false,
      code: 'withdrawn',
      reason: 'gone',
    } as const
    const dialer = dialerToScript(world, (message, peer) => {
      if (message.type === 'InboundContact') void peer.say(withdrawn)
    })
    const outcome = await world.bob.manager.redeem({ link, identity: {}, cadre: [] }, dialer)
    expect(outcome).toMatchObject({ completed: false, reason: 'withdrawn' })
    const status = role === 'stock' ? 'withdrawn' : 'confirmed'
    expect(await world.bob.tallies).toMatchObject([{ status }])
  })
})

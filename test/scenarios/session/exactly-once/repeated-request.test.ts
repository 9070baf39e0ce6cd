import { describe, expect, it } from 'vitest'
import type { BootstrapOutcome } from '../../../../src/session/dialer/outcome.ts'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import type { Submitted, Urgency, Work } from '../../../../src/session/ports/work.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { settle, World } from '../../../support/session/world.ts'
import { DiskError, ForwardingStore } from '../../../support/store-wrappers.ts'

/** A store of which it is long unknown whether all that was written is on the disk. */
class FlushedLateStore extends ForwardingStore {
  readonly #disk: PromiseWithResolvers<void>

  constructor(own: SessionStore, disk: PromiseWithResolvers<void>) {
    super(own)
    this.#disk = disk
  }

  override submit(work: Work, urgency?: Urgency): Submitted {
    const { outcome, durable } = super.submit(work, urgency)
    if (work.length > 0) return { outcome, durable }
    return { outcome, durable: durable.then(() => this.#disk.promise) }
  }
}

describe('the same request again', () => {
  it('is answered with the same bytes', async () => {
    const world = new World({ inviter: { party: { identity: { name: 'Alice' } } } })
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob))
    expect(first.types).toEqual(['ProvisioningResult'])
    expect(second.heardBytes).toEqual(first.heardBytes)
    expect(await world.alice.tallies).toHaveLength(1)
  })

  it('is answered with the same bytes after the token expired or was revoked', async () => {
    for (const spoil of ['expire', 'revoke']) {
      const world = new World()
      const link = world.invite()
      const first = scriptedInvitee(world)
      await first.say(contactOf(link, world.bob))
      const [token] = await world.alice.store.query(() => tokenRecords.list())
      if (spoil === 'revoke') world.alice.own.token.revoke(token?.id ?? '')
      else await world.pass(3_600_000, 600_000)
      const second = scriptedInvitee(world)
      await second.say(contactOf(link, world.bob))
      expect(second.heardBytes).toEqual(first.heardBytes)
    }
  })

  it('under a new id, from a peer that lost its state, is answered with the same tally', async () => {
    const world = new World()
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob, { bootstrapId: 'bootstrap-2' }))
    expect(second.heardBytes).toEqual(first.heardBytes)
  })

  it('with other content is refused and recorded, and is no alarm: the use is its own', async () => {
    const world = new World()
    const link = world.invite()
    await scriptedInvitee(world).say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob, { identity: { name: 'Mallory' } }))
    expect(second.refusal).toBe('mismatch')
    expect(world.alice.auditEvents.at(-1)).toBe('rejected/mismatch')
    expect(world.alice.auditEvents).not.toContain('token.reuse/mismatch')
  })

  it('while the first is under way is told to come back, and is not run twice', async () => {
    let finish: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      finish = resolve
    })
    let built = 0
    const world = new World({
      inviter: {
        hooks: (own) => ({
          ...own,
          database: {
            provision: async (...all) => {
              built += 1
              await gate
              return await own.database.provision(...all)
            },
          },
        }),
      },
    })
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const second = scriptedInvitee(world)
    await second.say(contactOf(link, world.bob))
    expect(second.heard).toMatchObject([{ code: 'in_progress', retryAfterMs: 1_000 }])
    finish()
    await settle()
    expect(first.heard).toMatchObject([{ approved: true }])
    expect(built).toBe(1)
  })

  it('of another peer on a one-time token is refused and alarms', async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    const carol = world.stranger(3)
    const outcome = await world.redeemed(link, {}, carol)
    expect(outcome).toMatchObject({ completed: false, reason: 'used' })
    expect(world.alice.auditEvents).toContain('token.reuse/used')
    expect(await world.alice.tallies).toHaveLength(1)
    expect(await carol.tallies).toHaveLength(0)
  })

  it('by the command run again leads to the same tally', async () => {
    for (const initiatorRole of ['stock', 'foil'] as const) {
      const world = new World()
      const link = world.invite({ initiatorRole })
      const first = await world.redeemed(link)
      const second = await world.redeemed(link)
      expect(second).toMatchObject({ completed: true })
      expect(second.completed && second.tallyId).toBe(first.completed && first.tallyId)
      expect(await world.alice.tallies).toHaveLength(1)
      expect(await world.bob.tallies).toHaveLength(1)
    }
  })

  it('is answered from memory if the inviter is away', async () => {
    const world = new World()
    const link = world.invite()
    const first = await world.redeemed(link)
    const away = { localPeer: world.bob.peerId, dial: () => Promise.reject(new Error('away')) }
    const again = await world.bob.manager.redeem({ link, identity: {}, cadre: [] }, away)
    expect(again).toMatchObject({ completed: true, tallyId: first.completed ? first.tallyId : '' })
  })

  it.each(['arrives', 'is lost', 'stays away'])(
    'is answered from memory only once that is on the disk: which %s',
    async (fate) => {
      const disk = Promise.withResolvers<void>()
      disk.promise.catch(() => undefined)
      const world = new World({ invitee: { store: (own) => new FlushedLateStore(own, disk) } })
      const link = world.invite()
      await world.redeemed(link)
      const away = { localPeer: world.bob.peerId, dial: () => Promise.reject(new Error('away')) }
      let outcome: BootstrapOutcome | undefined
      const again = world.bob.manager.redeem({ link, identity: {}, cadre: [] }, away)
      void again.then((told) => {
        outcome = told
      })
      await settle()
      expect(outcome).toBeUndefined()
      if (fate === 'arrives') disk.resolve()
      else if (fate === 'is lost') disk.reject(new DiskError('lost'))
      else await world.pass(30_000, 1_000)
      expect(await again).toMatchObject(
        fate === 'arrives' ? { completed: true } : { completed: false, reason: 'unreachable' },
      )
    },
  )
})

import { describe, expect, it } from 'vitest'
import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import type { MemoryHooks } from '../../../src/index.ts'
import { decodeMessage } from '../../../src/protocol/message/message-codec.ts'
import { removalRecords } from '../../../src/store/records/removal-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { contactOf, scriptedInvitee } from '../../support/session/scripted-peer.ts'
import { never } from '../../support/session/stalls.ts'
import { settle, TestNode, World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

/** Builds when it is told to. */
function slowBuild() {
  const { promise, resolve } = Promise.withResolvers<void>()
  const hooks = (own: MemoryHooks): SessionHooks => ({
    ...own,
    database: {
      provision: async (createdBy, initiator, respondent, sessionId, context) => {
        await promise
        const { signal } = new AbortController()
        return own.database.provision(createdBy, initiator, respondent, sessionId, {
          ...context,
          signal,
        })
      },
      deprovision: (...all) => own.database.deprovision(...all),
    },
  })
  return { hooks, build: resolve }
}

/** Alice's next process: the same store and hooks. */
function successorOf({ alice, clock }: World): TestNode {
  return new TestNode(1, clock, { store: () => alice.store, hooks: () => alice.own })
}

/** The tally of the one use that is held. */
function heldTally({ alice, clock }: World): string {
  const [held] = alice.store.repositories.redemptions.lapsed(clock.now() + 3_600_000, 1)
  if (held === undefined) throw new Error('nothing is held')
  return held.claim.tallyId
}

const contactId = { bootstrapId: 'AAAAAAAAAAAAAAAAAAAAAAAAAA' }

describe('a parked session', () => {
  it('goes on at the next process, with the use and the tally that it had', async () => {
    const { hooks } = slowBuild()
    const world = new World({ inviter: { hooks } })
    const link = world.invite()
    const contact = contactOf(link, world.bob, contactId)
    await scriptedInvitee(world).say(contact)
    const tallyId = heldTally(world)
    const drained = world.alice.manager.drain(500)
    await world.pass(2_000)
    expect(await drained).toEqual({ cut: 1, parked: 1 })
    const next = successorOf(world)
    const stranger = world.stranger(3)
    const other = scriptedInvitee(world, stranger, next)
    await other.say(contactOf(link, stranger))
    expect(other.refusal).toBe('in_progress')
    const again = scriptedInvitee(world, world.bob, next)
    await again.say(contact)
    expect(again.heard).toMatchObject([{ approved: true, tallyId }])
    expect(await world.alice.tallies).toHaveLength(1)
  })

  it('keeps what its hook built after all, for the next try', async () => {
    const { hooks, build } = slowBuild()
    const world = new World({ inviter: { hooks } })
    const contact = contactOf(world.invite(), world.bob, contactId)
    await scriptedInvitee(world).say(contact)
    const tallyId = heldTally(world)
    const drained = world.alice.manager.drain(0)
    await settle()
    build()
    await world.pass(2_000)
    await drained
    expect(world.alice.own.database.draftOf(tallyId)).toBeDefined()
    expect(readNow(world.alice.store, () => removalRecords.list(10))).toEqual([])
  })

  it('gives its use back, and what was built for it, when nobody comes back in time', async () => {
    const { hooks, build } = slowBuild()
    const world = new World({ inviter: { hooks } })
    await scriptedInvitee(world).say(contactOf(world.invite(), world.bob, contactId))
    const tallyId = heldTally(world)
    const drained = world.alice.manager.drain(0)
    await settle()
    build()
    await world.pass(2_000)
    await drained
    const next = successorOf(world)
    next.manager.start()
    await world.pass(60_000, 5_000)
    expect(world.alice.own.database.draftOf(tallyId)).toBeUndefined()
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
    await next.manager.drain(0)
  })
})

describe('a drain', () => {
  it('does not wait for peers that hold nothing', async () => {
    const world = new World()
    const silent = scriptedInvitee(world)
    await settle()
    const drained = world.alice.manager.drain(60_000)
    await settle()
    expect(silent.refusal).toBe('draining')
    await world.pass(1_000)
    expect(await drained).toEqual({ cut: 0, parked: 0 })
  })

  it('is over a second after its time, whatever hangs', async () => {
    const hooks = (own: MemoryHooks): SessionHooks => ({
      token: {
        validate: (...all) => own.token.validate(...all),
        markUsed: never,
      },
      identity: own.identity,
      audit: own.audit,
      database: {
        provision: (...all) => own.database.provision(...all),
        deprovision: never,
      },
    })
    const world = new World({ inviter: { hooks } })
    expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
    let isOver = false
    const drained = world.alice.manager.drain(0).then(() => {
      isOver = true
    })
    await world.pass(900, 100)
    expect(isOver).toBe(false)
    await world.pass(200, 100)
    expect(isOver).toBe(true)
    await drained
  })

  it('tells those that it parks when to come again', async () => {
    const { hooks } = slowBuild()
    const world = new World({ inviter: { hooks } })
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(world.invite(), world.bob))
    const drained = world.alice.manager.drain(0)
    await world.pass(2_000)
    await drained
    const [word] = peer.heardBytes.map((payload) => decodeMessage(payload))
    expect(word).toMatchObject({ approved: false, code: 'draining', retryAfterMs: 5_000 })
  })
})

import { describe, expect, it } from 'vitest'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import {
  contactOf,
  dialerToScript,
  scriptedInvitee,
} from '../../../support/session/scripted-peer.ts'
import { hanging, stall } from '../../../support/session/stalls.ts'
import { NOTHING_LEFT, World } from '../../../support/session/world.ts'

describe('an invitee that stalls', () => {
  it('does not keep the use from others once its session is over', async () => {
    const world = new World({ inviter: { hooks: hanging('database', 'provision') } })
    const link = world.invite()
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob))
    const carol = world.stranger(3)
    const early = scriptedInvitee(world, carol)
    await early.say(contactOf(link, carol))
    expect(early.refusal).toBe('in_progress')
    await world.pass(10_500)
    expect(await world.alice.store.query(() => tokenRecords.list())).toMatchObject([
      { used: 0, reserved: 0 },
    ])
  })

  it('or reads nothing keeps no stream open', async () => {
    const world = new World()
    world.faults = stall('listener', 1)
    const peer = scriptedInvitee(world)
    await peer.sayBytes(Buffer.from('rubbish'))
    expect(world.leftovers.openStreams).toBe(1)
    await world.pass(5_500)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('is not waited for when it was refused at the door', async () => {
    const world = new World({ inviter: { config: { maxConcurrentSessions: 0 } } })
    world.faults = stall('listener', 1)
    scriptedInvitee(world)
    await world.pass(5_500)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

describe('an inviter that answers nothing', () => {
  it('costs the invitee no more than its deadlines', async () => {
    const world = new World()
    const dialer = dialerToScript(world, () => undefined)
    const request = { link: world.invite(), identity: {}, cadre: [] }
    const outcome = world.bob.manager.redeem(request, dialer)
    await world.pass(16_000)
    expect(await outcome).toMatchObject({ state: 'TIMEOUT', step: 'AWAITING_RESPONSE' })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import type { LinkContent } from '../../../../src/protocol/link/link-content.ts'
import { secretToText } from '../../../../src/protocol/link/secret.ts'
import { operatorRecord } from '../../../../src/service/record/operator.ts'
import { decide, waiting, waitingFor } from '../../../support/session/by-hand.ts'
import { scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { World } from '../../../support/session/world.ts'

const MINUTE = 60_000
const NAMED = { identity: { name: 'Bob' } }

describe('whoever follows is told, with its cause, when', () => {
  let world: World
  let link: LinkContent
  let told: string[]
  let isRefused: boolean

  beforeEach(async () => {
    isRefused = false
    world = new World({
      inviter: {
        config: { pendingForMs: MINUTE },
        hooks: (own) => ({
          ...own,
          identity: {
            validate: async (...all) =>
              isRefused
                ? { refused: 'identity_refused', reason: 'not any more' }
                : await own.identity.validate(...all),
          },
        }),
      },
    })
    told = []
    world.alice.manager.on('request', (news) => {
      told.push('cause' in news ? `${news.state}: ${news.cause}` : news.state)
    })
    link = world.invite({ byHand: true, identityRequirements: ['name'] })
    await world.redeemed(link, NAMED)
  })

  const yes = () => decide(world.alice, waitingFor(world.alice, world.bob), 'yes')

  it('a yes lapses that nobody came for', async () => {
    await yes()
    world.alice.manager.start()
    await world.pass(2 * MINUTE, 10_000)
    expect(told).toEqual(['waiting', 'approved', 'over: lapsed'])
    await world.alice.manager.drain(0)
  })

  it.each([['before the yes'], ['after it']])('its peer declines %s', async (when) => {
    if (when === 'after it') await yes()
    await scriptedInvitee(world).say({ type: 'Decline', secret: secretToText(link.secret) })
    expect(told.filter((each) => each !== 'approved')).toEqual(['waiting', 'over: declined'])
  })

  it('the operator takes back the use that a yes holds, once', async () => {
    const [request] = waiting(world.alice)
    if (request === undefined) throw new Error('nothing waits')
    const { id: sessionId, redemptionId } = request
    const cancel = () =>
      world.alice.manager.operator.releaseHeldUse(
        { sessionId, redemptionId },
        operatorRecord('sessions cancel', {}),
      )
    expect(await cancel()).toBe(false)
    await yes()
    expect(await cancel()).toBe(true)
    expect(await cancel()).toBe(false)
    expect(told).toEqual(['waiting', 'approved', 'over: cancelled'])
    expect(world.alice.auditEvents.slice(-1)).toEqual(['released'])
    expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'pending' })
  })

  it('its peer comes for the yes and is refused', async () => {
    await yes()
    isRefused = true
    expect(await world.redeemed(link, NAMED)).toMatchObject({ reason: 'identity_refused' })
    expect(told).toEqual(['waiting', 'approved', 'over: refused'])
    expect(waiting(world.alice)).toEqual([])
  })

  it('it is replaced by another one of its peer, and nothing when it leads to a tally', async () => {
    await world.redeemed(link, { identity: { name: 'Robert' } })
    expect(told).toEqual(['waiting', 'over: replaced', 'waiting'])
    await yes()
    expect(await world.redeemed(link, { identity: { name: 'Robert' } })).toMatchObject({
      completed: true,
    })
    expect(told.slice(3)).toEqual(['approved'])
  })
})

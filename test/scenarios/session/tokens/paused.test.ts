import { describe, expect, it } from 'vitest'
import { secretToText, tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, settle, World } from '../../../support/session/world.ts'

type Link = ReturnType<World['invite']>

/** Has Alice's ledger pause the invitation, or have it go on, whatever her token hook says. */
async function pause(world: World, { secret }: Link, isPaused = true): Promise<void> {
  const id = tokenIdOf(secret)
  const { store, clock } = world.alice
  const changed = await store.transact(function* () {
    return isPaused ? yield* tokenRecords.pause(id, clock.now()) : yield* tokenRecords.resume(id)
  })
  expect(changed).toBe(true)
}

/** A standing invitation that Bob has used, and that is paused now. */
async function pausedAfterBob(usesAllowed: number | null = null) {
  const world = new World()
  const link = world.invite({ usesAllowed })
  const first = await world.redeemed(link)
  await pause(world, link)
  return { world, link, first, carol: world.stranger(3) }
}

describe.each([
  ['a standing invitation', null],
  ['an invitation for a few', 3],
])('%s that is paused', (_, usesAllowed) => {
  it('gives no use, says when to ask again, and leaves no trace of who asked', async () => {
    const { world, link, carol } = await pausedAfterBob(usesAllowed)
    const before = world.alice.auditEvents
    expect(await world.redeemed(link, {}, carol)).toMatchObject({
      completed: false,
      reason: 'paused',
      retryAfterMs: 60_000,
    })
    const [token] = await world.alice.store.query(() => tokenRecords.list())
    expect(token).toMatchObject({ used: 1, reserved: 0 })
    expect(world.alice.auditEvents).toEqual(before)
    expect(world.alice.sessions).toHaveLength(1)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('says so at a look, to whoever shows the right secret', async () => {
    const { world, link, carol } = await pausedAfterBob(usesAllowed)
    const peer = scriptedInvitee(world, carol)
    await peer.say({ type: 'Inspect', secret: secretToText(link.secret) })
    expect(peer.refusal).toBe('paused')
    const stranger = scriptedInvitee(world, carol)
    await stranger.say({ type: 'Inspect', secret: secretToText(new Uint8Array(16).fill(9)) })
    expect(stranger.refusal).toBe('invalid_token')
  })

  it('gives whoever has a tally the same answer again', async () => {
    const { world, link, first } = await pausedAfterBob(usesAllowed)
    const again = await world.redeemed(link)
    expect(again).toMatchObject({ completed: true })
    expect(Object(again).tallyId).toBe(Object(first).tallyId)
  })

  it('goes on as before', async () => {
    const { world, link, carol } = await pausedAfterBob(usesAllowed)
    await world.redeemed(link, {}, carol)
    await pause(world, link, false)
    expect(await world.redeemed(link, {}, carol)).toMatchObject({ completed: true })
  })
})

it.each(['stock', 'foil'] as const)(
  'a session that is under way ends as it would (%s)',
  async (initiatorRole) => {
    const answer = Promise.withResolvers<boolean>()
    const world = new World({
      inviter: { hooks: (own) => ({ ...own, identity: { validate: () => answer.promise } }) },
    })
    const link = world.invite({ initiatorRole, identityRequirements: ['name'] })
    const outcome = world.redeem(link, { identity: { name: 'Bob' } })
    await settle()
    await pause(world, link)
    answer.resolve(true)
    await settle()
    expect(await outcome).toMatchObject({ completed: true })
  },
)

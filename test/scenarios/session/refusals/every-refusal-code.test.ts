import { describe, expect, it } from 'vitest'
import { secretToText, tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { REFUSAL_CODES, type RefusalCode } from '../../../../src/protocol/message/messages.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { withdrawOffers } from '../../../support/session/reaping.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { NOTHING_LEFT, type NodeInit, settle, World } from '../../../support/session/world.ts'

const WRONG_SECRET = secretToText(new Uint8Array(16).fill(99))

/** How a peer comes to hear each code. */
const WAYS: Readonly<Record<RefusalCode, () => Promise<{ world: World; heard: unknown }>>> = {
  invalid_token: () => contactWith({}, { secret: WRONG_SECRET }),
  expired: () => contactWith({}, {}, (world) => void world.clock.advance(3_600_000)),
  revoked: () =>
    contactWith({}, {}, (world) => {
      world.alice.own.token.revoke(tokenIdOf(new Uint8Array(16).fill(7)))
    }),
  paused: () =>
    contactWith({
      hooks: (own) => ({
        ...own,
        token: { ...tokenHookOf(own), validate: async () => ({ refused: 'paused' }) },
      }),
    }),
  offer_changed: () => contactWith({}, { offer: 'f'.repeat(64) }),
  used: async () => {
    const world = new World()
    const link = world.invite()
    await world.redeemed(link)
    const carol = world.stranger(3)
    const peer = scriptedInvitee(world, carol)
    await peer.say(contactOf(link, carol))
    return { world, heard: peer.refusal }
  },
  withdrawn: async () => {
    const world = new World()
    const link = world.invite()
    await scriptedInvitee(world).say(contactOf(link, world.bob))
    await world.pass(10_000)
    await withdrawOffers(world.alice)
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob))
    return { world, heard: peer.refusal }
  },
  declined: async () => {
    const world = new World()
    const link = world.invite()
    await scriptedInvitee(world).say({ type: 'Decline', secret: secretToText(link.secret) })
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob))
    return { world, heard: peer.refusal }
  },
  mismatch: () => contactWith({}, { role: 'foil' }),
  in_progress: async () => {
    const world = new World({ inviter: { hooks: withDatabase(() => new Promise(() => {})) } })
    const link = world.invite()
    const first = scriptedInvitee(world)
    await first.say(contactOf(link, world.bob))
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob))
    await world.pass(20_000)
    return { world, heard: peer.refusal }
  },
  pending: () => contactWith(withPending(), { waits: true }),
  identity_required: () => contactWith({}, {}, undefined, ['name']),
  identity_refused: () =>
    contactWith(
      { hooks: (own) => ({ ...own, identity: { validate: async () => false } }) },
      {},
      undefined,
      ['name'],
    ),
  party_id_mismatch: () => contactWith({}, { partyId: '12D3KooWSomebodyE1se' }),
  provision_failed: () =>
    contactWith({ hooks: withDatabase(async () => Promise.reject(new Error('no disk'))) }),
  database_refused: async () => {
    const world = new World({
      inviter: {
        hooks: (own) => ({ ...own, database: { ...hookOf(own), verify: async () => false } }),
      },
    })
    const outcome = await world.redeemed(world.invite({ initiatorRole: 'foil' }))
    return { world, heard: outcome.completed ? undefined : outcome.reason }
  },
  protocol_violation: async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await peer.sayBytes(Buffer.from('{"type":"Nonsense"}'))
    return { world, heard: peer.refusal }
  },
  timed_out: async () => {
    const world = new World()
    const peer = scriptedInvitee(world)
    await world.pass(5_000)
    return { world, heard: peer.refusal }
  },
  denied: () => contactWith({ isDenied: () => true }),
  busy: () => contactWith({ config: { maxConcurrentSessions: 0 } }),
  rate_limited: () => contactWith({ config: { rateLimitPerPeer: 0.5 } }),
  draining: async () => {
    const world = new World()
    await world.alice.manager.drain(0)
    const peer = scriptedInvitee(world)
    await settle()
    return { world, heard: peer.refusal }
  },
  internal: () =>
    contactWith({
      hooks: (own) => ({
        ...own,
        token: { ...tokenHookOf(own), validate: async () => Promise.reject(new Error('broken')) },
      }),
    }),
}

/** A token hook that has to ask somebody first. */
function withPending(): NodeInit {
  return {
    hooks: (own) => ({
      ...own,
      token: { ...tokenHookOf(own), validate: async () => ({ refused: 'pending' }) },
    }),
  }
}

async function contactWith(
  inviter: NodeInit,
  changes: Parameters<typeof contactOf>[2] = {},
  before?: (world: World) => void,
  identityRequirements: readonly string[] = [],
): Promise<{ world: World; heard: unknown }> {
  const world = new World({ inviter })
  const link = world.invite({ identityRequirements })
  before?.(world)
  const peer = scriptedInvitee(world)
  await peer.say(contactOf(link, world.bob, changes))
  return { world, heard: peer.refusal }
}

type Own = Parameters<NonNullable<NodeInit['hooks']>>[0]

function hookOf({ database }: Own) {
  return {
    provision: database.provision.bind(database),
    deprovision: database.deprovision.bind(database),
  }
}

function tokenHookOf({ token }: Own) {
  return { validate: token.validate.bind(token), markUsed: token.markUsed.bind(token) }
}

function withDatabase(provision: () => Promise<never>): NonNullable<NodeInit['hooks']> {
  return (own) => ({ ...own, database: { ...hookOf(own), provision } })
}

describe('a refusal', () => {
  it.each(REFUSAL_CODES)('is heard as %s by whom it is meant for', async (code) => {
    const { world, heard } = await WAYS[code]()
    expect(heard).toBe(code)
    await world.pass(20_000)
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('that is no more than "wait" is told in a code of before to whom did not say that it understands', async () => {
    const { world, heard } = await contactWith(withPending())
    expect(heard).toBe('in_progress')
    expect(world.alice.sessions).toEqual([])
  })

  it('names the fields that are missing', async () => {
    const world = new World()
    const link = world.invite({ identityRequirements: ['name', 'email'] })
    const peer = scriptedInvitee(world)
    await peer.say(contactOf(link, world.bob, { identity: { name: 'Bob' } }))
    expect(peer.heard).toMatchObject([{ code: 'identity_required', fields: ['email'] }])
  })

  it('says when to come back if that makes sense', async () => {
    const world = new World({ inviter: { config: { maxConcurrentSessions: 0 } } })
    const outcome = await world.redeemed(world.invite())
    expect(outcome).toMatchObject({ completed: false, reason: 'busy', retryAfterMs: 1_000 })
  })

  it('to a stranger leaves no row and no audit record, and gives the same bytes as a wrong secret', async () => {
    const world = new World()
    const link = world.invite()
    const unknown = scriptedInvitee(world)
    await unknown.say(contactOf(link, world.bob, { secret: WRONG_SECRET }))
    const inspecting = scriptedInvitee(world)
    await inspecting.say({ type: 'Inspect', secret: WRONG_SECRET })
    expect(inspecting.heardBytes).toEqual(unknown.heardBytes)
    expect(world.alice.sessions).toEqual([])
    expect([...world.alice.store.repositories.audit.rows()]).toEqual([])
  })

  it('for good ends the attempt: the next one is new', async () => {
    const world = new World()
    const link = world.invite({ identityRequirements: ['name'] })
    const refused = await world.redeemed(link)
    expect(refused).toMatchObject({ reason: 'identity_required', fields: ['name'] })
    const outcome = await world.redeemed(link, { identity: { name: 'Bob' } })
    expect(outcome.completed).toBe(true)
  })

  it('before the commit point gives the use back', async () => {
    const world = new World({
      inviter: { hooks: withDatabase(async () => Promise.reject(new Error('no disk'))) },
    })
    const link = world.invite()
    expect(await world.redeemed(link)).toMatchObject({ reason: 'provision_failed' })
    const [token] = await world.alice.store.query(() => tokenRecords.list())
    expect(token).toMatchObject({ used: 0, reserved: 0 })
    expect(world.alice.auditEvents).toEqual([
      'reserved',
      'released',
      'failed/hook_failed',
      'removed',
    ])
  })
})

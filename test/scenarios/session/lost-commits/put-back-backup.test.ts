import { describe, expect, it } from 'vitest'
import { peerIdOfPublicKey } from '../../../../src/protocol/base/peer-id-text.ts'
import type { LinkContent } from '../../../../src/protocol/link/link-content.ts'
import { linkHash, secretHashOf, tokenIdOf } from '../../../../src/protocol/link/secret.ts'
import { signNodeCertificate } from '../../../../src/protocol/node/node-certificate.ts'
import { nodeSignatureBytes } from '../../../../src/protocol/node/node-signature.ts'
import { readReceipt } from '../../../../src/session/trace/tally-receipt.ts'
import { lostUseRecords } from '../../../../src/store/records/lost-use-records.ts'
import { contactOf, scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import type { NodeInit, TokenWish } from '../../../support/session/world.ts'
import { NOTHING_LEFT, settle, TestNode, World } from '../../../support/session/world.ts'
import { signingKey } from '../../../support/signing-key.ts'
import { readNow } from '../../../support/store/read-now.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

const ABOUT_BOB = { identity: { name: 'Bob' } }

interface Restored {
  readonly world: World
  readonly link: LinkContent
  readonly tallyId: string
  /** Alice again, with a store that holds nothing of what there was. */
  readonly alice: TestNode
}

/** The invitation of a link, on a machine that has nothing else of it. */
function issueAt(node: TestNode, { role, expiresAt, secret }: LinkContent, wish: TokenWish = {}) {
  const info = {
    initiatorRole: role,
    expiryUtc: new Date(expiresAt * 1000).toISOString(),
    identityRequirements: [],
    usesAllowed: 1,
    terms: { unit: 'EUR' },
    ...wish,
  }
  node.own.token.issue({ tokenId: tokenIdOf(secret), secretHash: secretHashOf(secret), info })
}

/** Bob has a tally; then a backup of before that is put back on Alice's machine. */
async function restored(wish: TokenWish = {}, knowsToken = true): Promise<Restored> {
  const world = new World()
  const link = world.invite(wish)
  const first = await world.redeemed(link, ABOUT_BOB)
  if (!first.completed) throw new Error(first.reason)
  const alice = new TestNode(1, world.clock)
  if (knowsToken) issueAt(alice, link, wish)
  return { world, link, tallyId: first.tallyId, alice }
}

async function again({ world, link, alice }: Restored, from: TestNode) {
  const outcome = world.redeem(link, ABOUT_BOB, from, alice)
  await settle()
  return await outcome
}

const bobsTally = async ({ world }: Restored) =>
  (await world.bob.tallies).map(({ tallyId, status }) => ({ tallyId, status }))

describe.each(['stock', 'foil'] as const)('an inviter (%s) put back from a backup', (role) => {
  it('stops a one-time invitation when it hears of a use that it does not know', async () => {
    const all = await restored({ initiatorRole: role })
    const { world, tallyId, alice } = all
    expect(await again(all, world.bob)).toMatchObject({ reason: 'used', denied: { tallyId } })
    expect(await alice.tallies).toEqual([])
    expect(alice.auditEvents).toEqual(expect.arrayContaining(['token.lost_use', 'revoked']))
    expect(alice.alarms).toHaveLength(1)
    expect(readNow(alice.store, () => lostUseRecords.list(10))).toMatchObject([
      { lostBy: 'here', tallyId, peerId: world.bob.peerId },
    ])
    expect(await again(all, world.stranger(3))).toMatchObject({ reason: 'revoked' })
    expect(world.leftovers).toEqual(NOTHING_LEFT)
  })

  it('alarms once, however often it hears of it', async () => {
    const all = await restored({ initiatorRole: role })
    await again(all, all.world.bob)
    await again(all, all.world.bob)
    expect(all.alice.auditEvents.filter((each) => each === 'token.lost_use')).toHaveLength(1)
    expect(all.alice.alarms).toHaveLength(1)
  })

  it('goes on with a standing invitation, and not with the peer that has its tally', async () => {
    const all = await restored({ initiatorRole: role, usesAllowed: null })
    expect(await again(all, all.world.bob)).toMatchObject({ reason: 'used' })
    expect(await again(all, all.world.stranger(3))).toMatchObject({ completed: true })
    expect(all.alice.auditEvents).toContain('token.lost_use')
  })

  it('that does not know the invitation either is told, and says so', async () => {
    const all = await restored({ initiatorRole: role }, false)
    expect(await again(all, all.world.bob)).toMatchObject({ reason: 'used' })
    expect(all.alice.auditEvents).toContain('token.lost_use')
    expect(await again(all, all.world.stranger(3))).toMatchObject({ reason: 'invalid_token' })
  })
})

describe('a node that never had the invitation', () => {
  const PARTY = signingKey(new Uint8Array(32).fill(1))
  const NODE = signingKey(new Uint8Array(32).fill(9))

  /** Signs for Alice, as a node of hers. */
  function byNode(bytes: Uint8Array): Uint8Array {
    const [party, node] = [PARTY, NODE].map(({ publicKey }) => peerIdOfPublicKey(publicKey))
    const validFrom = Math.floor(new VirtualClock().now() / 1_000)
    const times = { validFrom, validUntil: validFrom + 60 }
    const content = { party: party ?? '', node: node ?? '', name: 'a', serial: 1, ...times }
    const certificate = signNodeCertificate(content, PARTY.sign)
    return nodeSignatureBytes({ signature: NODE.sign(bytes), certificate })
  }

  it.each<[string, NodeInit, NodeInit]>([
    ['the party itself', {}, { sign: byNode }],
    ['another node', { sign: byNode }, {}],
  ])('alarms nobody about what %s has given', async (_, giving, asked) => {
    const world = new World({ inviter: giving })
    const link = world.invite()
    expect(await world.redeemed(link, ABOUT_BOB)).toMatchObject({ completed: true })
    const other = new TestNode(1, world.clock, asked)
    const outcome = world.redeem(link, ABOUT_BOB, world.bob, other)
    await settle()
    expect(await outcome).toMatchObject({ reason: 'invalid_token' })
    expect(other.alarms).toEqual([])
    expect(other.auditEvents).not.toContain('token.lost_use')
  })
})

describe.each(['stock', 'foil'] as const)('an invitee whose tally is denied (%s)', (role) => {
  it('keeps it with its receipt, and records an alarm', async () => {
    const all = await restored({ initiatorRole: role })
    await again(all, all.world.bob)
    const { bob } = all.world
    expect(await bobsTally(all)).toEqual([{ tallyId: all.tallyId, status: 'confirmed' }])
    expect((await bob.tallies)[0]?.receipt?.inviterSignature).toBeDefined()
    expect(bob.auditEvents).toContain('tally.denied')
    expect(readNow(bob.store, () => lostUseRecords.list(10))).toMatchObject([
      { lostBy: 'inviter', tallyId: all.tallyId },
    ])
    expect(bob.store.repositories.attempts.kept(linkHash(all.link))?.status).toBe('confirmed')
  })

  it('is no more denied once the inviter knows it again', async () => {
    const all = await restored({ initiatorRole: role })
    await again(all, all.world.bob)
    expect(await all.world.redeemed(all.link, ABOUT_BOB)).toMatchObject({ completed: true })
    expect(readNow(all.world.bob.store, () => lostUseRecords.list(10))).toEqual([])
  })
})

describe('an invitee that has no receipt', () => {
  it.each(['stock', 'foil'] as const)(
    'takes no second tally from an inviter (%s) that begins anew',
    async (initiatorRole) => {
      const world = new World({ inviter: { signs: false } })
      const link = world.invite({ initiatorRole })
      const first = await world.redeemed(link, ABOUT_BOB)
      world.clock.advance(1_000)
      const alice = new TestNode(1, world.clock, { publicKey: world.alice.publicKey })
      issueAt(alice, link)
      const outcome = world.redeem(link, ABOUT_BOB, world.bob, alice)
      await settle()
      expect(await outcome).toMatchObject({
        reason: 'response_invalid',
        denied: { tallyId: first.completed && first.tallyId },
      })
      expect(await world.bob.tallies).toHaveLength(1)
      expect(world.bob.auditEvents).toContain('tally.denied')
    },
  )
})

describe('a receipt that is shown', () => {
  /** Shows Bob's receipt, and says whether that got a tally, and whether it stopped the invitation. */
  async function shown({ world }: Restored, from: TestNode, to: TestNode, link: LinkContent) {
    const [tally] = await world.bob.tallies
    const receipt = JSON.stringify(tally && readReceipt(tally, world.bob.peerId))
    const peer = scriptedInvitee(world, from, to)
    await peer.say(contactOf(link, from, { receipt }))
    const isStopped = to.auditEvents.includes('token.lost_use')
    return { answer: peer.heard[0], isStopped, alarms: to.alarms.length }
  }

  const APPROVED = { answer: { approved: true }, isStopped: false, alarms: 0 }

  it('by its invitee stops the invitation (or the tests below would prove nothing)', async () => {
    const all = await restored()
    const refused = { answer: { approved: false, code: 'used' }, isStopped: true, alarms: 1 }
    expect(await shown(all, all.world.bob, all.alice, all.link)).toMatchObject(refused)
  })

  it('by another peer stops nothing', async () => {
    const all = await restored()
    expect(await shown(all, all.world.stranger(3), all.alice, all.link)).toMatchObject(APPROVED)
  })

  it('with another invitation stops nothing', async () => {
    const all = await restored()
    const other = { ...all.link, secret: new Uint8Array(16).fill(9) }
    issueAt(all.alice, other)
    expect(await shown(all, all.world.bob, all.alice, other)).toMatchObject(APPROVED)
  })

  it('to somebody who did not sign it stops nothing', async () => {
    const all = await restored()
    const carol = all.world.stranger(3)
    issueAt(carol, all.link)
    expect(await shown(all, all.world.bob, carol, all.link)).toMatchObject(APPROVED)
  })
})

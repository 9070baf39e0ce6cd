import { describe, expect, it } from 'vitest'
import { secretToText } from '../../../../src/protocol/link/secret.ts'
import { tokenRecords } from '../../../../src/store/records/token-records.ts'
import { scriptedInvitee } from '../../../support/session/scripted-peer.ts'
import { settle, World } from '../../../support/session/world.ts'

const IDENTITY = { name: 'Bob' }

/** Alice has committed, Bob has not heard of it, and then the invitation ends for everybody new. */
async function unheardOf(role: 'stock' | 'foil', spoil: 'expired' | 'revoked') {
  const world = new World()
  const link = world.invite({ initiatorRole: role })
  const lastWord = role === 'stock' ? 2 : 3
  world.faults = {
    fate: (side, _payload, nth) => (side === 'listener' && nth === lastWord ? 'cut' : 'deliver'),
  }
  const first = await world.redeemed(link, { identity: IDENTITY })
  expect(first.completed).toBe(false)
  expect(await world.alice.tallies).toHaveLength(1)
  world.faults = {}
  const [token] = await world.alice.store.query(() => tokenRecords.list())
  if (spoil === 'revoked') world.alice.own.token.revoke(token?.id ?? '')
  else await world.pass(3_700_000, 100_000)
  return { world, link }
}

describe('a retry that looks at the offer first', () => {
  for (const role of ['stock', 'foil'] as const) {
    for (const spoil of ['expired', 'revoked'] as const) {
      it(`ends with the tally that the inviter holds, though the invitation is ${spoil} (${role})`, async () => {
        const { world, link } = await unheardOf(role, spoil)
        const second = await world.redeemed(link, { identity: IDENTITY })
        expect(second).toMatchObject({
          completed: true,
          tallyId: (await world.alice.tallies)[0]?.tallyId,
        })
        expect((await world.bob.tallies).map(({ status }) => status)).toEqual(['confirmed'])
        expect((await world.alice.tallies).map(({ status }) => status)).toEqual(['confirmed'])
      })
    }
  }

  it('is told the offer only if it has something on the invitation', async () => {
    const { world, link } = await unheardOf('stock', 'revoked')
    const other = scriptedInvitee(world, world.stranger(3))
    await other.say({ type: 'Inspect', secret: secretToText(link.secret) })
    expect(other.refusal).toBe('revoked')
  })
})

describe('a decline after the tally was committed', () => {
  it('does not keep the tally from its holder', async () => {
    const world = new World()
    const link = world.invite()
    world.faults = {
      fate: (side, _payload, nth) => (side === 'listener' && nth === 1 ? 'cut' : 'deliver'),
    }
    await world.redeemed(link)
    world.faults = {}
    const peer = scriptedInvitee(world)
    await peer.say({ type: 'Decline', secret: secretToText(link.secret) })
    await settle()
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
  })
})

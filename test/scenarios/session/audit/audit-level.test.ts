import { expect, test } from 'vitest'
import { type TestNode, World } from '../../../support/session/world.ts'

interface Told {
  readonly type: string
  readonly event: string | undefined
  readonly hasTimes: boolean
  readonly hasDigest: boolean
}

function told(node: TestNode): readonly Told[] {
  return [...node.store.repositories.audit.rows()].map(({ text }) => {
    const { type, data } = JSON.parse(text)
    return { type, event: data.event, hasTimes: 'ms' in data, hasDigest: 'transcript' in data }
  })
}

async function storiesAt(auditLevel: 'full' | 'minimal', initiatorRole: 'stock' | 'foil') {
  const config = { auditLevel }
  const world = new World({ inviter: { config }, invitee: { config } })
  const link = world.invite({ initiatorRole, usesAllowed: 2 })
  expect(await world.redeemed(link)).toMatchObject({ completed: true })
  await world.redeemed({ ...link, expiresAt: 1 })
  await world.redeemed(link, {}, world.stranger(3))
  await world.redeemed(link, {}, world.stranger(4))
  await world.pass(3_000)
  return [told(world.alice), told(world.bob)] as const
}

test.each(['stock', 'foil'] as const)(
  'minimal holds every token and database event of both sides that full holds, inviter %s',
  async (role) => {
    const [full, minimal] = [await storiesAt('full', role), await storiesAt('minimal', role)]
    for (const [side, story] of minimal.entries()) {
      const kept = full[side]?.filter(({ type }) => type !== 'state')
      expect(story).toEqual(kept)
      expect(story.length).toBeGreaterThan(0)
    }
  },
)

test.each([
  ['stock', ['InboundContact', 'ProvisioningResult']],
  ['foil', ['InboundContact', 'ProvisioningResult', 'DatabaseResult']],
] as const)(
  'full tells each message, who sent it, its size and the digest so far, alike on both sides, inviter %s',
  async (initiatorRole, types) => {
    const world = new World()
    expect(await world.redeemed(world.invite({ initiatorRole }))).toMatchObject({ completed: true })
    const [alice, bob] = [world.alice, world.bob].map((node) => {
      const ends = [...node.store.repositories.audit.rows()].map(
        ({ text }) => JSON.parse(text).data,
      )
      return ends.filter((data) => 'messages' in data)
    })
    expect(alice).toHaveLength(1)
    const { messages, transcript, bytes } = alice?.[0] ?? {}
    expect(bob?.map((data) => data.messages)).toEqual([messages])
    expect(messages.map(({ type }: { type: string }) => type)).toEqual(types)
    expect(messages.at(-1).digest).toBe(transcript)
    const sizes = (who: string) =>
      messages
        .filter(({ from }: { from: string }) => from === who)
        .reduce((sum: number, each: { bytes: number }) => sum + each.bytes, 0)
    expect([sizes('respondent'), sizes('initiator')]).toEqual(bytes)
  },
)

test('full adds the time of each step, and the digest of what was said', async () => {
  const [alice, bob] = await storiesAt('full', 'stock')
  for (const story of [alice, bob]) {
    const states = story.filter(({ type }) => type === 'state')
    expect(states.every(({ hasTimes }) => hasTimes)).toBe(true)
    expect(states.some(({ hasDigest }) => hasDigest)).toBe(true)
  }
})
